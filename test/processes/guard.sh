#!/bin/sh
# Becomes the given command, and leaves a watcher in its process group that ends the whole group once standard input is
# closed: when whoever started this has died, however it died, or has seen the command end.
exec 3<&0
{ read -r _ <&3; kill -s KILL 0; } </dev/null >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
