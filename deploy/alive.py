"""Exits with 0 when the site on this machine answers /livez, else with 1: the container's health check."""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
address = f"http://127.0.0.1:{os.environ.get('BIND', ':8000').rpartition(':')[2]}/livez"
try:
    urllib.request.urlopen(urllib.request.Request(address, headers={"Host": host}), timeout=4).close()
except OSError as error:
    sys.exit(str(error))
