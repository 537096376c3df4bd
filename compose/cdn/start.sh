#!/bin/sh
# Names the bucket that the servers write into, by their own rules, unless TWITE_CDN_ORIGIN names another origin. Then starts
# nginx as the image does, which its arguments say.
set -eu

setting() { [ "$1" = none ] || printf %s "$1"; }

bucket=$(setting "$TWITE_S3_BUCKET")
[ -n "$bucket" ] || bucket=$(printf %s "$TWITE_NAMESPACE-media" | tr _ -)
prefix=$(setting "$TWITE_S3_PREFIX")
prefix=${prefix%/}
export TWITE_CDN_ORIGIN="${TWITE_CDN_ORIGIN:-http://s3:9000/$bucket${prefix:+/$prefix}}"
exec "$@"
