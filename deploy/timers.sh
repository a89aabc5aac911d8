#!/bin/sh
# The tasks that run by the clock, where there is no systemd: mails and the audit every five minutes, the rest once a day.
# What hangs is ended, so that it holds up nothing else.
# A day's task that failed is tried again with the next round; what went wrong stands in the container's log.
set -u
umask 077
done_on="$DATA_DIR/timers"
mkdir -p "$done_on"

daily() {
  today=$(date +%F)
  [ "$(cat "$done_on/$1" 2>/dev/null)" = "$today" ] || { timeout 3600 python manage.py "$@" && echo "$today" > "$done_on/$1"; }
}

while true; do
  # On its own: the disk of the audit's witness may be away, and must hold nothing else up.
  timeout -k 10 60 python manage.py watch_audit
  timeout 900 python manage.py send_notifications
  daily backup "${BACKUP_FOLDER:-$DATA_DIR/backups}"
  daily purge
  daily remind_editors
  [ "${ONCE:-}" ] && exit
  sleep 300
done
