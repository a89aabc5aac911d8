"""The sports, each at the moment that loads the back."""

import math

import numpy as np

from ..bodies import ARM_RIGHT, LEG_RIGHT, Person
from ..drawing import Scene
from ..figures import figure
from ..gear import (
    find_fist,
    find_hip_height,
    find_pedal,
    find_shoulders,
    grip,
    make_bat,
    make_bike,
    make_disc,
    make_football,
    make_hoop,
    make_hull,
    make_racket,
    plant,
    point,
    put_hips,
    wear_cap,
    wear_goggles,
    wear_helmet,
    wear_skirt,
)  # fmt: skip
from ..geometry import make_unit, turn_x, turn_y, turn_z
from ..poses import Pose
from ..things import make_ball, make_box, make_cushion, make_path, make_tube

SIDES = (("L", 1), ("R", -1))
WHITE, RED, NAVY, GRAY = ["#f3efe6", "#e2ddd2"], ["#c0463c", "#d4695c"], ["#34496b", "#6d87b8"], ["#8fa3ad", "#9fb2bb"]
BLACK = ["#3f4a52", "#77858d"]


@figure(
    "baseball", "A batter in a helmet swings the bat and meets the ball. The hips have turned ahead of the shoulders."
)
def draw_baseball() -> Scene:
    """The bat meets the ball: the hips have turned, the trunk follows."""
    person = Person("ben", leg=1.86, foot="shoe", top=WHITE, bottom=GRAY)
    pose = Pose(person).place(turn_z(58) @ turn_x(4) @ turn_y(-4)).bend_spine(10, 6, 22).bend_neck(8, 0, -52)
    put_hips(pose, -0.05, 0, 0.9)
    plant(pose, "L", 0.46, -0.02, 60)
    plant(pose, "R", -0.52, -0.02, 40, 48)
    along = make_unit(point(0.8, -0.58, -0.02))
    place = find_shoulders(pose) + point(0.22, -0.4, -0.3)
    grip(pose, "L", place, along, (0.2, 0.3, -1), (0.2, 0.2, -1))
    grip(pose, "R", place + along * 0.09, along, (-0.2, 0.1, 1), (-0.6, 0.3, -1))
    place = find_fist(pose, "L")
    things = [*make_bat(place, along), make_ball(place + along * 0.8 + point(0.13, 0, 0.07), 0.05, "white")]
    things += wear_helmet(pose, "warm", back=-0.5, brim=True)
    return Scene([pose], 14, 3, things, floor=0)


@figure("golf", "A golfer at the end of a swing. The club is behind the head, the trunk is turned toward the flag.")
def draw_golf() -> Scene:
    """The end of the swing."""
    person = Person("kim", foot="shoe", top=["#2f8f88", "#43a69d"], bottom=["#6d5a48", "#a08c76"], hair="bun")
    pose = Pose(person).place(turn_z(66) @ turn_x(-2)).bend_spine(-10, 10, 36).bend_neck(4, 0, 8)
    put_hips(pose, 0, 0, find_hip_height(person) - 0.06)
    plant(pose, "L", 0.13, -0.02, 50, knee=(0.6, -0.6, 0))
    plant(pose, "R", -0.32, -0.05, 70, 62)
    turn, along = pose.turn_of("spine01"), make_unit(point(-0.86, 0.1, 0.34))
    place = find_shoulders(pose) + turn @ point(0.2, -0.2, 0.16)
    grip(pose, "L", place, along, turn @ point(-0.2, 0.9, 0.1), turn @ point(1, -0.4, -0.6), (16, 14))
    grip(
        pose, "R", place + along * 0.085, along, turn @ point(0.3, -0.5, -0.3), turn @ point(-0.4, -0.9, -0.6), (16, 26)
    )
    place = find_fist(pose, "L")
    end = place + along * 0.98
    head = [
        end + point(x, y, z)
        for x, z in ((0.02, -0.01), (0.03, 0.09), (-0.03, 0.12), (-0.045, 0.0))
        for y in (-0.03, 0.03)
    ]
    things = [
        make_tube(place - along * 0.05, place + along * 0.24, 0.015, "dark"),
        make_tube(place + along * 0.22, end, 0.008, "metal"),
    ]
    things += [make_hull(head, "dark"), *wear_cap(pose, "white")]
    things += [
        make_tube((0.62, 0.5, 0), (0.62, 0.5, 1.25), 0.012, "metal"),
        make_hull([(0.62, 0.5, 1.25), (0.62, 0.5, 1.0), (0.93, 0.5, 1.125), (0.62, 0.51, 1.125)], "warm"),
    ]
    return Scene([pose], 10, 3, things, floor=0)


@figure(
    "tennis",
    "A tennis player just before the serve looks up at the ball. The back is arched, the racket is behind the head.",
)
def draw_tennis() -> Scene:
    """Just before the serve: the ball is up, the back arches."""
    person = Person("tim", top=WHITE, bottom=["#2f8f88", "#43a69d"])
    pose = Pose(person).place(turn_z(-58) @ turn_x(-10) @ turn_y(6)).bend_spine(-26, 10, -12).bend_neck(-20, 0, 24)
    put_hips(pose, 0, 0, 0.82)
    plant(pose, "L", 0.1, -0.18, -40, 30)
    plant(pose, "R", -0.14, 0.12, -70, 40)
    turn = pose.turn_of("spine01")
    shoulder = pose.at("upperarm01.L")
    pose.reach_arm(
        "L",
        shoulder + point(0.0, -0.30, 0.44),
        turn @ point(1, 0.6, -0.4),
        hand=(0, -0.35, 1),
        palm=(0, -0.7, 0.7),
        curl=24,
        shoulder=(26, 6),
    )
    along = make_unit(point(0.1, 0.32, 0.92))
    grip(
        pose,
        "R",
        pose.at("upperarm01.R") + turn @ point(-0.3, 0.08, 0.2),
        along,
        turn @ point(0.5, -0.8, 0.1),
        turn @ point(-1, 0.3, -0.6),
        (10, -10),
    )
    ball = pose.at("finger3-3.L") + point(-0.02, -0.06, 0.3)
    things = [*make_racket(find_fist(pose, "R"), along, (-1, -0.3, 0.2)), make_ball(ball, 0.05, "lime")]
    return Scene([pose], 240, 3, things, floor=0)


@figure(
    "cricket",
    "A fast bowler in white lets the ball go. The front foot has landed, the trunk bends to the side. The stumps stand behind.",
)
def draw_cricket() -> Scene:
    """Fast bowling: the front foot lands, the ball is let go."""
    person = Person("tim", leg=1.9, top=WHITE, bottom=["#ece5d6", "#d8d1c2"])
    pose = Pose(person).place(turn_z(-18) @ turn_x(2) @ turn_y(12)).bend_spine(-8, 20, 10).bend_neck(4, -12, 14)
    put_hips(pose, 0, 0, 0.9)
    plant(pose, "L", 0.06, -0.62, -4, -8, knee=(0, -1, 0.3), z=0.02)
    plant(pose, "R", 0.0, 0.5, -40, 58)
    shoulder = pose.at("upperarm01.R")
    grip(pose, "R", shoulder + point(-0.06, -0.02, 0.62), (1, -0.3, 0), (0, -1, 0.2), (-1, 0.4, 0), (30, 0), curl=45)
    shoulder = pose.at("upperarm01.L")
    pose.reach_arm(
        "L", shoulder + point(0.28, -0.12, -0.4), (1, 0.6, 0), hand=(0.5, -0.3, -0.8), palm=(-1, -0.2, 0), curl=30
    )
    things = [make_ball(pose.at("finger3-3.R") + point(0, -0.03, 0.03), 0.05, "warm")]
    things += [make_tube((x, 0.62, 0), (x, 0.62, 0.71), 0.02, "wood") for x in (0.4, 0.5, 0.6)]
    things.append(make_tube((0.38, 0.62, 0.72), (0.62, 0.62, 0.72), 0.014, "wood"))
    return Scene([pose], 52, 3, things, floor=0)


@figure("gymnastics", "A gymnast bends far back until both hands are on the floor. One leg is lifted high.")
def draw_gymnastics() -> Scene:
    """A back walkover: hands on the floor, the low back bent far back, one leg over."""
    person = Person("lia", hair="bun", foot="bare", leg=0.18, top=["#a3527a", "#bd6f95"], bottom=["#a3527a", "#bd6f95"])
    pose = Pose(person).place(turn_x(-92)).bend_each(-24, -22, -20, -14, -12).bend_neck(-34)
    put_hips(pose, 0, 0, 0.80)
    plant(pose, "L", 0.08, -0.46, 0, 12, knee=(0, -1, 0.7))
    pose.bend_leg("R", flex=62, out=2, knee=4, foot=-55)
    for side, g in SIDES:
        shoulder = pose.at("upperarm01." + side)
        pose.reach_arm(
            side,
            (g * 0.16, shoulder[1] + 0.12, 0.06),
            (g * 0.4, 1, 0.3),
            hand=(0, 1, -0.05),
            palm=(0, 0, -1),
            curl=3,
            shoulder=(30, 0),
        )
    return Scene([pose], 90, 3, [], floor=0)


@figure("weightlifting", "A lifter pulls a heavy bar from the floor. The knees are bent and the trunk leans forward.")
def draw_weightlifting() -> Scene:
    """A deadlift: the bar at the knees."""
    person = Person("ben", sleeve=0.3, leg=0.5, foot="shoe", top=["#2f8f88", "#43a69d"], bottom=NAVY)
    pose = Pose(person).place(turn_x(58)).bend_spine(6).bend_neck(-34)
    put_hips(pose, 0, 0.3, 0.66)
    for side, g in SIDES:
        plant(pose, side, g * 0.15, -0.16, g * 12, knee=(g * 0.25, -1, 0.2))
    for side, g in SIDES:
        grip(pose, side, (g * 0.27, -0.24, 0.42), (-g, 0, 0), (0, 1, -0.3), (g * 0.5, 0.4, -0.3))
    bar = (find_fist(pose, "L") + find_fist(pose, "R")) / 2 * (0, 1, 1)
    things = [make_tube(bar - (1, 0, 0), bar + (1, 0, 0), 0.014, "metal")]
    for side in (-1, 1):
        for x, radius, thick, color in (
            (0.66, 0.225, 0.05, "dark"),
            (0.72, 0.225, 0.05, "warm"),
            (0.77, 0.15, 0.035, "dark"),
            (0.8, 0.035, 0.05, "metal"),
        ):
            things.append(make_disc(bar + point(side * x, 0, 0), (1, 0, 0), radius, thick, color))
    return Scene([pose], 52, 6, things, floor=0)


@figure("running", "A runner lands on one foot. The other leg swings forward.")
def draw_running() -> Scene:
    """Pushing off the ground with one leg."""
    person = Person("ana", sleeve=0.12, leg=0.36, foot="shoe", top=["#e08a3c", "#e59a52"])
    pose = Pose(person).place(turn_x(9) @ turn_z(-6)).bend_spine(2, 0, 12).bend_neck(-6, 0, -4)
    put_hips(pose, 0, 0, find_hip_height(person) + 0.03)
    pose.bend_leg("L", flex=58, out=-3, knee=88, foot=4)
    plant(pose, "R", -0.04, 0.52, 0, 58)
    pose.reach_arm(
        "R",
        pose.at("upperarm01.R") + point(-0.02, -0.3, -0.16),
        (-0.3, 0.7, -1),
        hand=(0.3, -0.5, 0.8),
        palm=(1, 0, 0),
        curl=70,
    )
    pose.reach_arm(
        "L",
        pose.at("upperarm01.L") + point(0.1, 0.2, -0.3),
        (0.3, 1, 0.1),
        hand=(0, -0.8, -0.5),
        palm=(-1, 0, 0),
        curl=70,
    )
    return Scene([pose], 78, 3, far=(ARM_RIGHT, LEG_RIGHT), floor=0)


@figure("cycling", "A cyclist in a helmet leans low over the bars of a road bike. The low back is bent.")
def draw_cycling() -> Scene:
    """Low over the bars."""
    person = Person("ana", leg=0.62, foot="shoe", top=["#e08a3c", "#e59a52"], bottom=BLACK)
    pose = Pose(person).place(turn_x(52)).bend_spine(20).bend_neck(-52)
    put_hips(pose, 0, 0.28, 0.98)
    for side, g in SIDES:
        x, y, z = find_pedal(g)
        plant(pose, side, x, y, 0, 12, knee=(0, -1, 0.6), z=z + 0.02)
        grip(pose, side, (g * 0.2, -0.52, 0.9), (0, -0.5, 1), (-g, 0, 0), (g * 0.6, 0.3, -1))
    things = [*make_bike(), *wear_helmet(pose, "warm", back=-0.05, size=1.22)]
    return Scene([pose], 76, 3, things, floor=0, far=(ARM_RIGHT, LEG_RIGHT))


@figure("soccer", "A soccer player swings one leg far back to kick the ball. All the weight is on the other leg.")
def draw_soccer() -> Scene:
    """Just before the kick: the leg is back, the back arches and turns."""
    person = Person("lia", top=RED, bottom=WHITE, leg=0.5)
    pose = Pose(person).place(turn_x(-4) @ turn_z(-24) @ turn_y(-6)).bend_spine(-14, -4, 30).bend_neck(24, 0, -4)
    put_hips(pose, 0, 0, 0.82)
    plant(pose, "L", 0.06, -0.2, 0)
    pose.bend_leg("R", flex=-40, out=12, knee=84, foot=-40)
    pose.reach_arm(
        "L",
        pose.at("upperarm01.L") + point(0.4, -0.26, 0.02),
        (0.3, 0.6, -1),
        hand=(0.8, -0.5, 0.2),
        palm=(0, -0.3, -1),
        curl=15,
    )
    pose.reach_arm(
        "R",
        pose.at("upperarm01.R") + point(-0.28, 0.3, -0.24),
        (-0.3, 0.6, -1),
        hand=(-0.6, 0.3, -0.6),
        palm=(0, -0.3, -1),
        curl=15,
    )
    return Scene([pose], 60, 3, make_football((-0.16, -0.42, 0.11)), floor=0)


@figure(
    "dance",
    "A ballet dancer stands on the toes of one foot. The other leg is lifted high behind, so the low back arches.",
)
def draw_dance() -> Scene:
    """An arabesque on one toe."""
    person = Person(
        "lia", hair="bun", sleeve=0.1, leg=1.9, foot="sock", top=["#a3527a", "#bd6f95"], bottom=["#e9b9a2", "#d8a78f"]
    )
    pose = Pose(person).place(turn_x(34)).bend_spine(-42).bend_neck(-14)
    put_hips(pose, 0, 0, 0.87)
    plant(pose, "L", 0, -0.02, 0, 58, knee=(0, -1, 0))
    pose.bend_leg("R", flex=-64, out=4, turn=-20, knee=3, foot=-55)
    pose.reach_arm(
        "L",
        pose.at("upperarm01.L") + point(0.16, -0.46, 0.16),
        (0.6, 0.1, -1),
        hand=(0.1, -1, 0.15),
        palm=(0, 0, -1),
        curl=12,
    )
    pose.reach_arm(
        "R",
        pose.at("upperarm01.R") + point(-0.48, 0.1, 0.02),
        (-0.1, 0.6, -1),
        hand=(-1, 0.2, 0),
        palm=(0, 0, -1),
        curl=12,
    )
    return Scene([pose], 82, 4, [wear_skirt(pose, "pink")], floor=0)


@figure("rowing", "A rower in a boat reaches forward with both oars. The knees and the back are bent.")
def draw_rowing() -> Scene:
    """The start of the stroke: knees and back bent, arms long."""
    person = Person("ana", sleeve=0.12, leg=0.5, top=RED, bottom=NAVY)
    pose = Pose(person).place(turn_x(30)).bend_spine(30).bend_neck(-30)
    put_hips(pose, 0, 0, 0.36)
    for side, g in SIDES:
        pose.reach_leg(side, (g * 0.09, -0.36, 0.24), knee=(g * 0.1, -0.2, 1), toes=(0, -0.6, 0.8), up=(0, 0.8, 0.6))
    things = []
    for side, g in SIDES:
        lock, place = point(g * 0.5, -0.24, 0.5), point(g * 0.15, -0.74, 0.6)
        grip(pose, side, place, place - lock, (0, 0.3, -1), (g * 0.8, 0.2, -1))
        fist = find_fist(pose, side)
        along = make_unit(lock - fist)
        end = fist + along * 0.9
        tip = end + along * 0.3
        blade = [end + point(0, 0, h) for h in (-0.03, 0.03)] + [
            p + point(0, 0, h) for p in (end + along * 0.08, tip) for h in (-0.1, 0.1)
        ]
        things += [
            make_tube(fist - along * 0.06, fist + along * 0.1, 0.02, "dark"),
            make_tube(fist + along * 0.08, end, 0.015, "white"),
        ]
        things += [
            make_hull([*blade, *(p + point(0.01, 0.012, 0) for p in blade)], "yellow"),
            make_tube((g * 0.12, -0.24, 0.26), lock, 0.011, "metal"),
        ]
    ribs = []
    for y in np.linspace(-0.95, 0.85, 21):
        wide = 0.18 * (1 - (abs(y + 0.05) / 0.92) ** 2.4) + 0.004
        ribs += [point(wide * g * k, y, z) for g in (-1, 1) for k, z in ((1, 0.22), (0.55, 0.04))]
    things += [make_hull(ribs, "wood"), make_box((-0.13, -0.1, 0.2), (0.13, 0.16, 0.25), "dark")]
    things.append(make_box((-0.75, -1.05, -0.02), (0.75, 0.95, 0.05), "water"))
    return Scene([pose], 72, 12, things)


@figure("skiing", "A skier in helmet and goggles crouches low with a bent back. The poles point backward.")
def draw_skiing() -> Scene:
    """A tuck on skis."""
    person = Person("tim", sleeve=1.95, leg=1.9, top=["#2f7f9a", "#4f9db8"], bottom=NAVY)
    pose = Pose(person).place(turn_x(46) @ turn_y(-8)).bend_spine(26).bend_neck(-44)
    put_hips(pose, 0, 0.16, 0.62)
    things = [make_box((-0.3, -1.0, -0.09), (0.3, 0.68, -0.03), "snow")]
    for side, g in SIDES:
        x = g * 0.13
        plant(pose, side, x, -0.14, knee=(g * 0.2, -1, 0.3))
        things.append(make_box((x - 0.045, -0.9, -0.03), (x + 0.045, 0.6, -0.005), "warm"))
        things += make_path([point(x, y, z) for y, z in ((-0.9, -0.018), (-0.98, 0.01), (-1.05, 0.08))], 0.035, "warm")
        along = make_unit(point(g * 0.06, -0.8, 0.42))
        grip(
            pose,
            side,
            pose.at("upperarm01." + side) + point(g * 0.1, -0.4, -0.1),
            along,
            (-g, 0, -0.3),
            (g * 0.8, 0.3, -0.8),
        )
        fist = find_fist(pose, side)
        things += [
            make_tube(fist + along * 0.06, fist - along, 0.011, "dark"),
            make_disc(fist - along * 0.93, along, 0.045, 0.012, "dark"),
            make_ball(fist, 0.055, "dark"),
        ]
    things += [*wear_helmet(pose, "yellow"), wear_goggles(pose, "dark")]
    return Scene([pose], 62, 6, things)


@figure("ice-hockey", "A hockey player on skates bends forward over the stick. The puck lies on the ice in front.")
def draw_hockey() -> Scene:
    """Bent forward over the stick, on one skate's edge."""
    person = Person("ben", sleeve=1.95, leg=1.9, foot="shoe", top=RED, bottom=NAVY)
    pose = Pose(person).place(turn_z(20) @ turn_x(44)).bend_spine(22, 0, -8).bend_neck(-40)
    put_hips(pose, 0, 0.1, 0.74)
    plant(pose, "L", 0.2, -0.2, knee=(0.3, -1, 0.2), z=0.07)
    plant(pose, "R", -0.34, 0.62, -50, 16, knee=(-0.4, -0.6, -0.2), z=0.1)
    low, high = point(0.3, -0.78, 0.03), find_shoulders(pose) + point(-0.06, -0.24, -0.24)
    along = make_unit(low - high)
    grip(pose, "R", high, -along, (0.6, 0.2, -0.5), (-1, 0.2, 0.3))
    grip(pose, "L", high + along * 0.5, -along, (-0.5, 0.6, 0.4), (1, 0.2, 0))
    fist = find_fist(pose, "R")
    blade = [low + point(x + k * -0.06, k * -0.3, z) for k in (0, 1) for x in (-0.012, 0.012) for z in (-0.02, 0.06)]
    things = [
        make_tube(fist + (fist - low) * 0.08, low, 0.016, "wood"),
        make_hull(blade, "dark"),
        make_disc(low + point(-0.08, -0.36, -0.01), (0, 0, 1), 0.06, 0.04, "dark"),
    ]
    for side in "LR":
        turn, ankle = pose.turn_of("foot." + side), pose.at("foot." + side)
        steel = [
            ankle + turn @ point(x, y, z - 0.115)
            for x in (-0.008, 0.008)
            for y, z in ((0.07, 0.02), (0.07, -0.03), (-0.22, 0.02), (-0.2, -0.03))
        ]
        things += [make_ball(find_fist(pose, side), 0.068, "dark"), make_hull(steel, "metal")]
    return Scene([pose], 48, 5, [*things, *wear_helmet(pose, "warm", back=-0.4)], floor=0)


@figure(
    "volleyball", "A volleyball player jumps at the net. The back is arched and one arm is drawn back to hit the ball."
)
def draw_volleyball() -> Scene:
    """A spike: in the air, arched back, the arm about to hit."""
    person = Person("lia", sleeve=0.12, leg=0.36, top=["#2f7f9a", "#4f9db8"], bottom=NAVY)
    pose = Pose(person).place(turn_x(-8) @ turn_z(-24)).bend_spine(-26, 4, -18).bend_neck(-6, 0, 16)
    put_hips(pose, 0, 0, 1.06)
    pose.bend_leg("L", flex=-14, out=4, knee=62, foot=-40).bend_leg("R", flex=-4, out=4, knee=84, foot=-40)
    pose.reach_arm(
        "R",
        pose.at("upperarm01.R") + point(-0.1, 0.12, 0.36),
        (-1, 0.6, 0.2),
        hand=(0, 0.05, 1),
        palm=(0.1, -1, 0.1),
        curl=10,
        shoulder=(28, -8),
    )
    shoulder = pose.at("upperarm01.L")
    pose.reach_arm(
        "L",
        shoulder + point(0.04, -0.34, 0.24),
        (1, 0, -0.6),
        hand=(0, -0.7, 0.7),
        palm=(0, -0.4, -1),
        curl=14,
        shoulder=(16, 0),
    )
    y, top, things = -0.62, 1.7, []
    for z in np.arange(top - 0.48, top + 0.01, 0.12):
        things += make_path([point(-0.5, y, z), point(0.5, y, z)], 0.006, "metal")
    for x in np.arange(-0.5, 0.51, 0.125):
        things += make_path([point(x, y, top - 0.48), point(x, y, top)], 0.006, "metal")
    things += [
        make_box((-0.5, y - 0.006, top - 0.03), (0.5, y + 0.006, top + 0.04), "white"),
        make_tube((0.5, y, 0), (0.5, y, top + 0.06), 0.03, "dark"),
    ]
    things.append(make_ball(shoulder + point(-0.25, -0.2, 0.62), 0.105, "yellow"))
    return Scene([pose], 62, 3, things, floor=0)


@figure("basketball", "A basketball player lands with bent knees, the ball in both hands. The basket is above.")
def draw_basketball() -> Scene:
    """Landing with the ball."""
    person = Person("tim", sleeve=0.1, leg=0.7, top=NAVY, bottom=NAVY)
    pose = Pose(person).place(turn_x(26)).bend_spine(14).bend_neck(-26)
    put_hips(pose, 0, 0.16, 0.66)
    for side, g in SIDES:
        plant(pose, side, g * 0.17, -0.1, g * 10, 4, knee=(g * 0.15, -1, 0.2))
    ball = find_shoulders(pose) + point(0, -0.36, -0.06)
    for side, g in SIDES:
        pose.reach_arm(
            side,
            ball + point(g * 0.13, 0.06, -0.05),
            (g, 0.3, -0.6),
            hand=(-g * 0.15, -0.9, 0.4),
            palm=(-g, 0, 0.1),
            curl=16,
        )
    rim = point(0, -0.52, 1.66)
    things = [make_ball(ball, 0.12, "orange"), *make_hoop(rim, (0, 0, 1), 0.2, 0.014, "warm", up=(1, 0, 0))]
    for k in range(10):
        start = rim + point(math.cos(k * math.pi / 5), math.sin(k * math.pi / 5), 0) * 0.2
        for lean in (-1, 1):
            turn = k * math.pi / 5 + lean * 0.5
            things += make_path(
                [start, rim + point(math.cos(turn) * 0.11, math.sin(turn) * 0.11, -0.28)], 0.005, "metal"
            )
    things += [
        make_box((-0.36, -0.78, 1.57), (0.36, -0.75, 2.02), "white"),
        make_box((-0.14, -0.748, 1.64), (0.14, -0.745, 1.82), "warm"),
    ]
    return Scene([pose], 66, 3, things, floor=0)


@figure(
    "american-football",
    "A football player in a helmet waits in a low stance, one hand at the ball. The low back is arched.",
)
def draw_football() -> Scene:
    """The low stance of a lineman, one hand at the ball."""
    person = Person("ben", leg=1.1, foot="shoe", top=RED, bottom=WHITE)
    pose = Pose(person).place(turn_x(74)).bend_spine(-4).bend_neck(-56)
    put_hips(pose, 0, 0.3, 0.72)
    plant(pose, "L", 0.2, -0.06, 6, 10, knee=(0.2, -1, 0.2))
    plant(pose, "R", -0.2, 0.22, -6, 30, knee=(-0.2, -1, 0.2))
    shoulder = pose.at("upperarm01.R")
    pose.reach_arm(
        "R", (-0.12, shoulder[1] - 0.06, 0.24), (-0.8, 0.6, 0), hand=(0, -0.4, -0.9), palm=(0, 0.4, -0.4), curl=24
    )
    pose.reach_arm(
        "L",
        pose.at("upperarm01.L") + point(0.1, 0.06, -0.4),
        (0.6, 1, 0.2),
        hand=(-0.2, -0.7, -0.5),
        palm=(-1, 0, 0),
        curl=70,
    )
    things = [
        make_cushion(pose.at("finger3-2.R") * (1, 1, 0) + point(0, -0.05, 0.085), (0.085, 0.15, 0.085), "brown", 1)
    ]
    for side, g in SIDES:
        things.append(
            make_cushion(
                pose.at("upperarm01." + side) + pose.turn_of("spine01") @ point(-g * 0.01, 0, 0.03),
                (0.13, 0.12, 0.12),
                "warm",
                0.8,
            )
        )
    return Scene([pose], 62, 4, [*things, *wear_helmet(pose, "yellow", back=-0.55, size=1.26, bars="dark")], floor=0)


@figure("swimming", "A swimmer in cap and goggles lifts head and chest out of the water. Both arms swing forward.")
def draw_swimming() -> Scene:
    """Butterfly: head and chest lifted, arms forward over the water."""
    person = Person("ana", hair="short", sleeve=0.02, leg=0.05, foot="bare", top=NAVY, bottom=NAVY)
    pose = Pose(person).place(turn_x(74)).bend_spine(-40).bend_neck(-34)
    put_hips(pose, 0, 0, -0.1)
    for side, g in SIDES:
        pose.reach_arm(
            side,
            pose.at("upperarm01." + side) + point(g * 0.46, -0.22, 0.16),
            (g * 0.1, 0.6, 0.8),
            hand=(g * 0.7, -0.6, -0.25),
            palm=(0, -0.2, -1),
            curl=4,
            shoulder=(16, 0),
        )
        pose.bend_leg(side, flex=4, knee=8, foot=-50)
    things = [
        make_box((-0.9, -0.6, -0.42), (0.9, 0.6, 0), "water"),
        *wear_cap(pose, "warm", brim=0),
        wear_goggles(pose, "dark"),
    ]
    return Scene([pose], 24, 12, things)


@figure("combat-sports", "Two wrestlers hold each other by neck and arm. Both backs are bent forward.")
def draw_wrestling() -> Scene:
    """Two wrestlers hold each other, both backs bent."""
    poses = []
    for name, look, sign in (
        ("ben", {"top": NAVY, "bottom": NAVY}, 1),
        ("tim", {"top": RED, "bottom": RED, "skin": ["#e2b08a", "#d6a37d"], "locks": ["#6b4228", "#8f6243"]}, -1),
    ):
        person = Person(name, sleeve=0.1, leg=0.45, foot="shoe", **look)
        turn, yaw = (np.eye(3), 0) if sign > 0 else (turn_z(180), 180)
        pose = Pose(person).place(turn @ turn_x(50)).bend_spine(16).bend_neck(-20)
        put_hips(pose, 0.02 * sign, 0.58 * sign, 0.74)
        plant(pose, "L", 0.16 * sign, 0.3 * sign, yaw, knee=turn @ point(0.2, -1, 0.2))
        plant(pose, "R", -0.16 * sign, 0.86 * sign, yaw, 34, knee=turn @ point(-0.2, -1, 0.2))
        poses.append((pose, turn))
    for (pose, turn), (other, _) in (poses, poses[::-1]):
        pose.reach_arm(
            "R",
            other.at("neck02") + turn @ point(-0.05, 0.02, 0.1),
            turn @ point(-1, 0.2, -0.4),
            hand=turn @ point(0.4, -0.8, -0.1),
            palm=turn @ point(0.2, 0.2, -1),
            curl=30,
        )
        pose.reach_arm(
            "L",
            other.at("upperarm02.R") + turn @ point(0.03, 0.06, -0.06),
            turn @ point(1, 0.3, -0.6),
            hand=turn @ point(-0.2, -0.9, 0.2),
            palm=turn @ point(-1, 0, 0.3),
            curl=40,
        )
    return Scene([pose for pose, _ in poses], 84, 3, floor=0)
