"""The sports, each at the moment that loads the back. An arrow shows which way the load goes."""

from collections.abc import Sequence

import numpy as np

from .. import gear
from ..bodies import ARM_RIGHT, LEG_RIGHT, Person
from ..drawing import Scene
from ..figures import figure
from ..geometry import make_unit, turn_x, turn_y, turn_z
from ..grips import SIDES, find_fist, find_shoulders, grip, measure_hips, plant, point, put_hips, sweep, swing_arm
from ..poses import Pose
from ..things import COLORS, make_ball, make_box, make_cushion

WHITE, RED, NAVY, GRAY = ["#f3efe6", "#e2ddd2"], ["#c0463c", "#d4695c"], ["#34496b", "#6d87b8"], ["#8fa3ad", "#9fb2bb"]
BLACK, ORANGE, TEAL = ["#3f4a52", "#77858d"], ["#e08a3c", "#e59a52"], ["#2f8f88", "#43a69d"]
BLUE, PLUM, TAN = ["#2f7f9a", "#4f9db8"], ["#a3527a", "#bd6f95"], ["#6d5a48", "#a08c76"]


def show(people: Sequence[Pose], around: float, above: float, things=(), **more) -> Scene:
    """A scene drawn a little coarser: all sports stand on the home page at once."""
    return Scene(people, around, above, things, detail=3.0, **more)


@figure(
    "baseball", "A batter in a helmet swings the bat and meets the ball. The hips have turned ahead of the shoulders."
)
def draw_baseball() -> Scene:
    pose = Pose(Person("ben", leg=1.86, foot="shoe", top=WHITE, bottom=GRAY))
    pose.place(turn_z(58) @ turn_x(4) @ turn_y(-4)).bend_spine(10, 6, 22).bend_neck(8, 0, -52)
    put_hips(pose, -0.05, 0, 0.9)
    plant(pose, "L", 0.46, -0.02, 60)
    plant(pose, "R", -0.52, -0.02, 40, 48)
    along, place = make_unit(point(0.8, -0.58, -0.02)), find_shoulders(pose) + point(0.22, -0.4, -0.3)
    grip(pose, "L", place, along, (0.2, 0.3, -1), (0.2, 0.2, -1))
    grip(pose, "R", place + along * 0.09, along, (-0.2, 0.1, 1), (-0.6, 0.3, -1))
    place = find_fist(pose, "L")
    things = [*gear.make_bat(place, along), make_ball(place + along * 0.8 + point(0.13, 0, 0.07), 0.05, "white")]
    things += gear.wear_helmet(pose, "warm", back=-0.5, brim=True)
    turn = sweep(pose, 14, (-0.27, -0.02), (0, -0.26), (0.26, -0.04))
    return show([pose], 14, 3, things, floor=0, arrows=[turn])


@figure("golf", "A golfer at the end of a swing. The club is behind the head, the trunk is turned toward the flag.")
def draw_golf() -> Scene:
    person = Person("kim", foot="shoe", top=TEAL, bottom=TAN)
    pose = Pose(person).place(turn_z(66) @ turn_x(-2)).bend_spine(-10, 10, 36).bend_neck(4, 0, 8)
    put_hips(pose, 0, 0, measure_hips(person) - 0.06)
    plant(pose, "L", 0.13, -0.02, 50, knee=(0.6, -0.6, 0))
    plant(pose, "R", -0.32, -0.05, 70, 62)
    turn, along = pose.turn_of("spine01"), make_unit(point(-0.86, 0.1, 0.34))
    place = find_shoulders(pose) + turn @ point(0.2, -0.2, 0.16)
    grip(pose, "L", place, along, turn @ (-0.2, 0.9, 0.1), turn @ (1, -0.4, -0.6), (16, 14))
    grip(pose, "R", place + along * 0.085, along, turn @ (0.3, -0.5, -0.3), turn @ (-0.4, -0.9, -0.6), (16, 26))
    things = [*gear.make_club(find_fist(pose, "L"), along), *gear.make_flag(0.52, 0.5), *gear.wear_cap(pose, "white")]
    arrow = sweep(pose, 10, (-0.24, 0.1), (-0.02, -0.14), (0.24, 0.08))
    return show([pose], 10, 3, things, floor=0, arrows=[arrow])


@figure(
    "tennis",
    "A tennis player just before the serve looks up at the ball. The back is arched, the racket is behind the head.",
)
def draw_tennis() -> Scene:
    pose = Pose(Person("tim", top=WHITE, bottom=TEAL))
    pose.place(turn_z(-58) @ turn_x(-10) @ turn_y(6)).bend_spine(-26, 10, -12).bend_neck(-20, 0, 24)
    put_hips(pose, 0, 0, 0.82)
    plant(pose, "L", 0.1, -0.18, -40, 30)
    plant(pose, "R", -0.14, 0.12, -70, 40)
    turn, along = pose.turn_of("spine01"), make_unit(point(0.1, 0.32, 0.92))
    up = {"hand": (0, -0.35, 1), "palm": (0, -0.7, 0.7), "curl": 24, "shoulder": (26, 6)}
    swing_arm(pose, "L", (0, -0.3, 0.44), turn @ (1, 0.6, -0.4), **up)
    place = pose.at("upperarm01.R") + turn @ (-0.3, 0.08, 0.2)
    grip(pose, "R", place, along, turn @ (0.5, -0.8, 0.1), turn @ (-1, 0.3, -0.6), (10, -10))
    ball = make_ball(pose.at("finger3-3.L") + point(-0.02, 0.08, 0.2), 0.05, "lime")
    things = [*gear.make_racket(find_fist(pose, "R"), along, (-1, -0.3, 0.2)), ball]
    arrow = sweep(pose, 240, (-0.24, -0.2), (-0.16, 0.12), (-0.32, 0.3))
    return show([pose], 240, 3, things, floor=0, arrows=[arrow])


@figure(
    "cricket",
    "A fast bowler in white lets the ball go. The front foot has landed, the trunk bends to the side. "
    "The stumps stand behind.",
)
def draw_cricket() -> Scene:
    pose = Pose(Person("tim", leg=1.9, top=WHITE, bottom=["#ece5d6", "#d8d1c2"]))
    pose.place(turn_z(-18) @ turn_x(2) @ turn_y(12)).bend_spine(-8, 20, 10).bend_neck(4, -12, 14)
    put_hips(pose, 0, 0, 0.9)
    plant(pose, "L", 0.06, -0.62, -4, -8, knee=(0, -1, 0.3), z=0.02)
    plant(pose, "R", 0, 0.5, -40, 58)
    place = pose.at("upperarm01.R") + point(-0.06, -0.02, 0.62)
    grip(pose, "R", place, (1, -0.3, 0), (0, -1, 0.2), (-1, 0.4, 0), (30, 0), curl=45)
    swing_arm(pose, "L", (0.28, -0.12, -0.4), (1, 0.6, 0), hand=(0.5, -0.3, -0.8), palm=(-1, -0.2, 0), curl=30)
    things = [make_ball(pose.at("finger3-3.R") + point(0, -0.03, 0.03), 0.05, "warm"), *gear.make_stumps(0.5, 0.62)]
    arrow = sweep(pose, 52, (0.22, 0.62), (0.46, 0.52), (0.44, 0.18))
    return show([pose], 52, 3, things, floor=0, arrows=[arrow])


@figure("gymnastics", "A gymnast bends far back until both hands are on the floor. One leg is lifted high.")
def draw_gymnastics() -> Scene:
    pose = Pose(Person("lia", hair="bun", foot="bare", leg=0.18, top=PLUM, bottom=PLUM))
    pose.place(turn_x(-92)).bend_each(-24, -22, -20, -14, -12).bend_neck(-34)
    put_hips(pose, 0, 0, 0.8)
    plant(pose, "L", 0.08, -0.46, 0, 12, knee=(0, -1, 0.7))
    pose.bend_leg("R", flex=62, out=2, knee=4, foot=-55)
    for side, g in SIDES:
        wrist = (g * 0.16, pose.at("upperarm01." + side)[1] + 0.12, 0.06)
        flat = {"hand": (0, 1, -0.05), "palm": (0, 0, -1), "curl": 3, "shoulder": (30, 0)}
        pose.reach_arm(side, wrist, (g * 0.4, 1, 0.3), **flat)
    arrow = sweep(pose, 90, (0.02, 0.2), (0.3, 0.16), (0.34, -0.16))
    return show([pose], 90, 3, floor=0, arrows=[arrow])


@figure("weightlifting", "A lifter pulls a heavy bar from the floor. The knees are bent and the trunk leans forward.")
def draw_weightlifting() -> Scene:
    pose = Pose(Person("ben", sleeve=0.3, leg=0.5, foot="shoe", top=TEAL, bottom=NAVY))
    pose.place(turn_x(58)).bend_spine(6).bend_neck(-34)
    put_hips(pose, 0, 0.3, 0.66)
    for side, g in SIDES:
        plant(pose, side, g * 0.15, -0.16, g * 12, knee=(g * 0.25, -1, 0.2))
        grip(pose, side, (g * 0.27, -0.24, 0.42), (-g, 0, 0), (0, 1, -0.3), (g * 0.5, 0.4, -0.3))
    bar = (find_fist(pose, "L") + find_fist(pose, "R")) / 2 * (0, 1, 1)
    arrow = sweep(pose, 52, (-0.78, 0.08), (-0.78, 0.4))
    return show([pose], 52, 6, gear.make_barbell(bar), floor=0, arrows=[arrow])


@figure("running", "A runner pushes off with one foot. The other leg swings forward.")
def draw_running() -> Scene:
    person = Person("ana", sleeve=0.12, leg=0.36, foot="shoe", top=ORANGE)
    pose = Pose(person).place(turn_x(9) @ turn_z(-6)).bend_spine(2, 0, 12).bend_neck(-6, 0, -4)
    put_hips(pose, 0, 0, measure_hips(person) - 0.01)
    pose.bend_leg("L", flex=58, out=-3, knee=88, foot=4)
    plant(pose, "R", -0.04, 0.46, 0, 56)
    swing_arm(pose, "R", (-0.02, -0.3, -0.16), (-0.3, 0.7, -1), hand=(0.3, -0.5, 0.8), palm=(1, 0, 0), curl=70)
    swing_arm(pose, "L", (0.1, 0.2, -0.3), (0.3, 1, 0.1), hand=(0, -0.8, -0.5), palm=(-1, 0, 0), curl=70)
    arrow = sweep(pose, 78, (0.58, -0.68), (0.34, -0.2))
    return show([pose], 78, 3, far=(ARM_RIGHT, LEG_RIGHT), floor=0, arrows=[arrow])


@figure("cycling", "A cyclist in a helmet leans low over the bars of a road bike. The low back is bent.")
def draw_cycling() -> Scene:
    pose = Pose(Person("ana", hair="pony", leg=0.62, foot="shoe", top=ORANGE, bottom=BLACK))
    pose.place(turn_x(52)).bend_spine(20).bend_neck(-52)
    put_hips(pose, 0, 0.28, 0.98)
    for side, g in SIDES:
        x, y, z = gear.find_pedal(g)
        plant(pose, side, x, y, 0, 12, knee=(0, -1, 0.6), z=z + 0.02)
        grip(pose, side, (g * 0.2, -0.52, 0.9), (0, -0.5, 1), (-g, 0, 0), (g * 0.6, 0.3, -1))
    things = [*gear.make_bike(), *gear.wear_helmet(pose, "warm", back=-0.05, size=1.22)]
    arrow = sweep(pose, 76, (0.2, 0.16), (0.06, 0.36), (-0.24, 0.4))
    return show([pose], 76, 3, things, floor=0, far=(ARM_RIGHT, LEG_RIGHT), arrows=[arrow])


@figure("soccer", "A soccer player swings one leg far back to kick the ball. All the weight is on the other leg.")
def draw_soccer() -> Scene:
    pose = Pose(Person("lia", top=RED, bottom=WHITE, leg=0.5))
    pose.place(turn_x(-4) @ turn_z(-24) @ turn_y(-6)).bend_spine(-16, -4, 30).bend_neck(24, 0, -4)
    put_hips(pose, 0, 0, 0.82)
    plant(pose, "L", 0.06, -0.2)
    pose.bend_leg("R", flex=-42, out=12, knee=84, foot=-40)
    swing_arm(pose, "L", (0.16, -0.42, 0.02), (0.5, 0.4, -1), hand=(0.1, -1, 0.1), palm=(-0.3, 0, -1), curl=15)
    swing_arm(pose, "R", (-0.2, 0.4, -0.14), (-0.3, 0.6, -1), hand=(-0.3, 0.8, -0.2), palm=(0, 0, -1), curl=15)
    arrow = sweep(pose, 72, (0.22, -0.2), (0.14, -0.02), (0.24, 0.14))
    return show([pose], 72, 3, gear.make_soccer_ball((-0.16, -0.44, 0.11)), floor=0, arrows=[arrow])


@figure(
    "dance",
    "A ballet dancer stands on the toes of one foot. The other leg is lifted high behind, so the low back arches.",
)
def draw_dance() -> Scene:
    look = {"top": PLUM, "bottom": ["#e9b9a2", "#d8a78f"]}
    pose = Pose(Person("lia", hair="bun", sleeve=0.1, leg=1.9, foot="sock", **look))
    pose.place(turn_x(34)).bend_spine(-42).bend_neck(-14)
    put_hips(pose, 0, 0, 0.925)
    plant(pose, "L", 0, -0.02, 0, 58, knee=(0, -1, 0))
    pose.bend_leg("R", flex=-64, out=4, turn=-20, knee=3, foot=-55)
    swing_arm(pose, "L", (0.16, -0.46, 0.16), (0.6, 0.1, -1), hand=(0.1, -1, 0.15), palm=(0, 0, -1), curl=12)
    swing_arm(pose, "R", (-0.48, 0.1, 0.02), (-0.1, 0.6, -1), hand=(-1, 0.2, 0), palm=(0, 0, -1), curl=12)
    arrow = sweep(pose, 82, (0.62, 0.18), (0.6, 0.46), (0.34, 0.5))
    return show([pose], 82, 4, [gear.wear_skirt(pose, "pink")], floor=0, arrows=[arrow])


@figure(
    "rowing",
    "A rower sits low in a slim boat and pulls two long oars, one on each side. The knees and the back are bent.",
)
def draw_rowing() -> Scene:
    pose = Pose(Person("ana", sleeve=0.12, leg=0.5, top=RED, bottom=NAVY)).place(turn_x(22))
    pose.bend_spine(34).bend_neck(-34)
    put_hips(pose, 0, 0.2, 0.29)
    hands = find_shoulders(pose) * (0, 1, 1) + point(0, -0.5, -0.06)
    things = [
        *gear.make_boat(1.4, 1.15, (-0.85, 0.62)),
        make_box((-0.13, 0.04, 0.14), (0.13, 0.32, 0.19), "dark"),
        gear.make_water(1.56, 1.25, 1.25, 0.08),
    ]
    for side, g in SIDES:
        foot = {"toes": (0, -0.5, 0.85), "up": (0, 0.85, 0.5)}
        pose.reach_leg(side, (g * 0.08, -0.55, 0.2), knee=(g * 0.12, -0.2, 1), **foot)
        lock, place = point(g * 0.62, hands[1] + 0.28, 0.41), hands + point(g * 0.15, 0, 0)
        grip(pose, side, place, place - lock, (0, 0.3, -1), (g * 0.8, 0.2, -1))
        things += [*gear.make_oar(find_fist(pose, side), lock), *gear.make_rigger(lock, g * 0.19, 0.26)]
    arrow = sweep(pose, 48, (-0.62, 0.44), (-0.36, 0.78), (0.06, 0.42))
    ripples = [gear.draw_ripple(x, y, turn=90) for x, y in ((0.5, -0.9), (0.7, 0.7))]
    return show([pose], 48, 26, things, arrows=[arrow], lines=ripples)


@figure("skiing", "A skier in helmet and goggles crouches low with a bent back. The poles point backward.")
def draw_skiing() -> Scene:
    pose = Pose(Person("tim", sleeve=1.95, leg=1.9, top=BLUE, bottom=NAVY))
    pose.place(turn_x(46) @ turn_y(-8)).bend_spine(26).bend_neck(-44)
    put_hips(pose, 0, 0.16, 0.62)
    things = [make_box((-0.3, -1.0, -0.09), (0.3, 0.68, -0.03), "snow")]
    for side, g in SIDES:
        plant(pose, side, g * 0.13, -0.14, knee=(g * 0.2, -1, 0.3))
        along = make_unit(point(g * 0.06, -0.8, 0.42))
        place = pose.at("upperarm01." + side) + point(g * 0.1, -0.4, -0.1)
        grip(pose, side, place, along, (-g, 0, -0.3), (g * 0.8, 0.3, -0.8))
        things += [*gear.make_ski(g * 0.13), *gear.make_pole(find_fist(pose, side), along)]
    things += [*gear.wear_helmet(pose, "yellow"), gear.wear_goggles(pose, "dark")]
    arrow = sweep(pose, 62, (0.26, 0.1), (0.14, 0.36), (-0.2, 0.42))
    return show([pose], 62, 6, things, arrows=[arrow])


@figure("ice-hockey", "A hockey player on skates bends forward over the stick. The puck lies on the ice in front.")
def draw_hockey() -> Scene:
    pose = Pose(Person("ben", sleeve=1.95, leg=1.9, foot="shoe", top=RED, bottom=NAVY))
    pose.place(turn_z(20) @ turn_x(44)).bend_spine(22, 0, -8).bend_neck(-40)
    put_hips(pose, 0, 0.1, 0.74)
    plant(pose, "L", 0.2, -0.2, knee=(0.3, -1, 0.2), z=0.05)
    plant(pose, "R", -0.34, 0.62, -50, 16, knee=(-0.4, -0.6, -0.2), z=0.06)
    low, high = point(0.34, -1.0, 0.03), find_shoulders(pose) + point(-0.02, -0.2, -0.3)
    along = make_unit(low - high)
    grip(pose, "R", high, -along, (0.6, 0.2, -0.5), (-1, 0.2, 0.3))
    grip(pose, "L", high + along * 0.5, -along, (-0.5, 0.6, 0.4), (1, 0.2, 0))
    things = [
        *gear.make_stick(find_fist(pose, "R"), low),
        gear.make_disc(low + point(-0.02, -0.5, 0), (0, 0, 1), 0.06, 0.04, "dark"),
    ]
    things += [*gear.wear_skates(pose), *gear.wear_gloves(pose), *gear.wear_helmet(pose, "warm", back=-0.4)]
    arrow = sweep(pose, 48, (0.24, 0.24), (0.2, -0.06), (-0.14, -0.12))
    return show([pose], 48, 4, things, floor=0, arrows=[arrow])


@figure(
    "volleyball", "A volleyball player jumps at the net. The back is arched and one arm is drawn back to hit the ball."
)
def draw_volleyball() -> Scene:
    pose = Pose(Person("lia", sleeve=0.12, leg=0.36, top=BLUE, bottom=NAVY))
    pose.place(turn_x(-8) @ turn_z(-24)).bend_spine(-26, 4, -18).bend_neck(-6, 0, 16)
    put_hips(pose, 0, 0, 0.94)
    pose.bend_leg("L", flex=-14, out=4, knee=62, foot=-40).bend_leg("R", flex=-4, out=4, knee=84, foot=-40)
    back = {"hand": (0, 0.05, 1), "palm": (0.1, -1, 0.1), "curl": 10, "shoulder": (28, -8)}
    swing_arm(pose, "R", (-0.1, 0.12, 0.36), (-1, 0.6, 0.2), **back)
    front = {"hand": (0, -0.7, 0.7), "palm": (0, -0.4, -1), "curl": 14, "shoulder": (16, 0)}
    swing_arm(pose, "L", (0.04, -0.34, 0.24), (1, 0, -0.6), **front)
    ball = make_ball(pose.at("upperarm01.L") + point(-0.25, -0.2, 0.56), 0.105, "yellow")
    arrow = sweep(pose, 62, (0.26, -0.18), (0.16, 0.1), (0.36, 0.28))
    return show([pose], 62, 3, [*gear.make_net(-0.62, 1.5), ball], floor=0, arrows=[arrow])


@figure("basketball", "A basketball player lands with bent knees, the ball in both hands. The basket is above.")
def draw_basketball() -> Scene:
    pose = (
        Pose(Person("tim", sleeve=0.1, leg=0.7, top=NAVY, bottom=NAVY)).place(turn_x(26)).bend_spine(14).bend_neck(-26)
    )
    put_hips(pose, 0, 0.16, 0.66)
    ball = find_shoulders(pose) + point(0, -0.36, -0.06)
    for side, g in SIDES:
        plant(pose, side, g * 0.17, -0.1, g * 10, 4, knee=(g * 0.15, -1, 0.2))
        spread = {"hand": (-g * 0.15, -0.9, 0.4), "palm": (-g, 0, 0.1), "curl": 16}
        pose.reach_arm(side, ball + point(g * 0.13, 0.06, -0.05), (g, 0.3, -0.6), **spread)
    things = [make_ball(ball, 0.12, "orange"), *gear.make_basket(point(0, -0.8, 1.78))]
    arrow = sweep(pose, 66, (0.27, -0.64), (0.27, -0.2))
    return show([pose], 66, 3, things, floor=0, arrows=[arrow])


@figure(
    "american-football",
    "A football player in a helmet waits in a low stance, one hand at the ball. The low back is arched.",
)
def draw_football() -> Scene:
    pose = Pose(Person("ben", leg=1.1, foot="shoe", top=COLORS["warm"], bottom=WHITE))
    pose.place(turn_x(74)).bend_spine(-4).bend_neck(-56)
    put_hips(pose, 0, 0.3, 0.72)
    plant(pose, "L", 0.2, -0.06, 6, 10, knee=(0.2, -1, 0.2))
    plant(pose, "R", -0.2, 0.22, -6, 30, knee=(-0.2, -1, 0.2))
    wrist = (-0.12, pose.at("upperarm01.R")[1] - 0.06, 0.24)
    pose.reach_arm("R", wrist, (-0.8, 0.6, 0), hand=(0, -0.4, -0.9), palm=(0, 0.4, -0.4), curl=24)
    swing_arm(pose, "L", (0.1, 0.06, -0.4), (0.6, 1, 0.2), hand=(-0.2, -0.7, -0.5), palm=(-1, 0, 0), curl=70)
    ball = pose.at("finger3-2.R") * (1, 1, 0) + point(0, -0.05, 0.085)
    things = [make_cushion(ball, (0.085, 0.15, 0.085), "brown", 1)]
    turn = pose.turn_of("spine01")
    for side, g in SIDES:
        place = pose.at("upperarm01." + side) + turn @ (-g * 0.02, 0, 0.05)
        things.append(make_cushion(place, (0.15, 0.13, 0.075), "warm", 0.85, turn @ turn_y(g * 14)))
    things += gear.wear_helmet(pose, "yellow", back=-0.55, size=1.26, bars="dark")
    arrow = sweep(pose, 62, (0.1, 0.36), (-0.3, 0.5))
    return show([pose], 62, 4, things, floor=0, arrows=[arrow])


@figure("swimming", "A swimmer in cap and goggles lifts head and chest out of the water. Both arms swing forward.")
def draw_swimming() -> Scene:
    pose = Pose(Person("ana", hair="thin", sleeve=0.02, leg=0.05, foot="bare", top=NAVY, bottom=NAVY))
    pose.place(turn_x(80)).bend_spine(-40).bend_neck(-34)
    put_hips(pose, 0, 0.3, -0.12)
    for side, g in SIDES:
        reach = {"hand": (g * 0.7, -0.6, -0.25), "palm": (0, -0.2, -1), "curl": 4, "shoulder": (16, 0)}
        swing_arm(pose, side, (g * 0.44, -0.24, 0.16), (g * 0.1, 0.6, 0.8), **reach)
        pose.bend_leg(side, flex=-4, knee=8, foot=-50)
    things = [
        gear.make_water(0.85, 0.8, 1.1),
        *gear.wear_cap(pose, "warm", brim=0),
        gear.wear_goggles(pose, "dark"),
    ]
    arrow = sweep(pose, 24, (0.2, 0.18), (0.3, 0.34), (0.16, 0.48), bone="spine02")
    ripples = [gear.draw_ripple(x, y) for x, y in ((-0.5, -0.35), (0.05, -0.62), (0.5, -0.3))]
    return show([pose], 24, 20, things, arrows=[arrow], lines=ripples)


@figure("combat-sports", "Two wrestlers hold each other by neck and arm. Both backs are bent forward.")
def draw_wrestling() -> Scene:
    looks = ({"top": NAVY, "bottom": NAVY}, {"top": RED, "bottom": RED, "skin": ["#e2b08a", "#d6a37d"], "locks": TAN})
    pair = []
    for name, look, g in (("ben", looks[0], 1), ("tim", looks[1], -1)):
        turn, yaw = (np.eye(3), 0) if g > 0 else (turn_z(180), 180)
        pose = Pose(Person(name, sleeve=0.1, leg=0.45, foot="shoe", **look))
        pose.place(turn @ turn_x(50)).bend_spine(16).bend_neck(-20)
        put_hips(pose, 0.02 * g, 0.58 * g, 0.74)
        plant(pose, "L", 0.16 * g, 0.3 * g, yaw, knee=turn @ (0.2, -1, 0.2))
        plant(pose, "R", -0.16 * g, 0.86 * g, yaw, 34, knee=turn @ (-0.2, -1, 0.2))
        pair.append((pose, turn))
    for (pose, turn), (other, _) in (pair, pair[::-1]):
        neck = {"hand": turn @ (0.4, -0.8, -0.1), "palm": turn @ (0.2, 0.2, -1), "curl": 30}
        pose.reach_arm("R", other.at("neck02") + turn @ (-0.05, 0.02, 0.1), turn @ (-1, 0.2, -0.4), **neck)
        arm = {"hand": turn @ (-0.2, -0.9, 0.2), "palm": turn @ (-1, 0, 0.3), "curl": 40}
        pose.reach_arm("L", other.at("upperarm02.R") + turn @ (0.03, 0.06, -0.06), turn @ (1, 0.3, -0.6), **arm)
    poses = [pose for pose, _ in pair]
    arrows = [sweep(pose, 84, (g * 0.16, 0.3), (g * -0.18, 0.5)) for pose, g in zip(poses, (1, -1), strict=True)]
    return show(poses, 84, 3, floor=0, arrows=arrows)
