#!/bin/sh
# Lays the built site out for a static server: below its base path, with each text packed beside it.
#
#     sh deploy/stage.sh dist /handbooks/mesh/ /srv
#
# The base path is the one that the site was built for.
set -eu
if [ $# -ne 3 ]; then
  echo "Say what goes where: sh deploy/stage.sh DIST BASE TARGET, as in: sh deploy/stage.sh dist / /srv" >&2
  exit 2
fi
dist=$1
base=/$(printf %s "$2" | sed 's#^/*##; s#/*$##')
target=$3
if [ ! -f "$dist/index.html" ]; then
  echo "There is no built site in $dist. Build it first: npm run build" >&2
  exit 1
fi
# A site that was built for another base path loads neither its styles nor its scripts.
if ! grep -q "src=\"${base%/}/first.js\"" "$dist/index.html"; then
  echo "The site in $dist was not built for $base. Build it so: HANDBOOK_BASE=$base npm run build" >&2
  exit 1
fi
mkdir -p "$target$base"
cp -R "$dist/." "$target$base"
# The server shows this one for every address that is not there.
[ "$base" = / ] || cp "$dist/404.html" "$target/404.html"
find "$target" -type f -size +1 \
  \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.json' -o -name '*.svg' -o -name '*.md' \
  -o -name '*.mmd' -o -name '*.txt' -o -name '*.xml' \) -exec gzip -9 -k -f -n {} +
