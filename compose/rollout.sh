#!/bin/sh
# Replaces the containers of Twite's own services one at a time, without a failed request: starts a new one, waits until it
# is healthy, and lets an old one drain and end. After a `docker compose build`, the new ones run the new image.
#
#   compose/rollout.sh [SERVICE…]     by default: relay worker posts social profile
#
# It runs `docker compose` as you do: COMPOSE_FILE, COMPOSE_PROJECT_NAME and compose/.env count.
set -eu
: "${COMPOSE_FILE:=$(dirname "$0")/compose.yaml}"
export COMPOSE_FILE
[ $# -gt 0 ] || set -- relay worker posts social profile

for service in "$@"; do
  old=$(docker compose ps --quiet "$service")
  count=$(echo "$old" | wc -w)
  if [ "$count" -eq 0 ]; then
    echo "rollout: $service does not run; start it with \`docker compose up -d --wait\` first" >&2
    exit 1
  fi
  for container in $old; do
    docker compose up --detach --wait --no-deps --no-recreate --scale "$service=$((count + 1))" "$service" >&2
    docker stop "$container" > /dev/null
    docker rm "$container" > /dev/null
  done
  echo "rollout: replaced $count of $service"
done
