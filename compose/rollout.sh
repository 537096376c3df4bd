#!/bin/sh
# Brings what is built and pulled into service without a failed request: gives new secrets and users to the stores, replaces
# the containers of Twite's own services one at a time (starts a new one, waits until it is healthy, lets an old one drain and
# end), and reloads the gateway. After a `docker compose build`, the new containers run the new image.
#
#   compose/rollout.sh [SERVICE…]     by default: relay worker posts social profile
#
# It runs `docker compose` as you do in this folder: COMPOSE_FILE, COMPOSE_PROFILES and all else in .env count. A COMPOSE_FILE
# of the environment is relative to where you are.
set -eu
[ -n "${COMPOSE_FILE:-}" ] || cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- relay worker posts social profile

for service in "$@"; do
  if [ -z "$(docker compose ps --quiet "$service")" ]; then
    echo "rollout: $service does not run; start it with \`docker compose up -d --wait\` first" >&2
    exit 1
  fi
done

docker compose run --rm --no-deps -T init < /dev/null >&2
# A MongoDB of your own has its users from you.
if [ -n "$(docker compose ps --quiet mongo)" ]; then
  docker compose run --rm --no-deps -T mongo-setup < /dev/null >&2
fi

for service in "$@"; do
  old=$(docker compose ps --quiet "$service")
  count=$(echo "$old" | wc -w)
  for container in $old; do
    docker compose up --detach --wait --no-deps --no-recreate --scale "$service=$((count + 1))" "$service" >&2
    docker stop "$container" > /dev/null
    docker rm --volumes "$container" > /dev/null
  done
  echo "rollout: replaced $count of $service"
done

# Routes may have changed. HAProxy starts a new process beside the old one, which ends when its requests are answered. Not by
# `docker compose kill`: Docker would take the container for stopped by hand, and not start it after a reboot.
for gateway in gateway gateway-tls; do
  docker compose config --services | grep -qx "$gateway" || continue
  docker compose exec -T "$gateway" haproxy -c -q -f /usr/local/etc/haproxy/haproxy.cfg < /dev/null >&2
  docker compose exec -T "$gateway" sh -c 'kill -USR2 1' < /dev/null >&2
  echo "rollout: reloaded $gateway"
done
