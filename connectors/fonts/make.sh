#!/usr/bin/env bash
# Makes the four font files beside this script from Debian's fonts-noto-core with fontTools 4.68 (pip install fonttools).
# Noto Sans keeps Latin, Greek, Cyrillic and punctuation; Noto Naskh Arabic keeps all characters and the tables that
# join letters and place marks. Nobody needs to run it to build Munshi.
set -euo pipefail
from=${1:-/usr/share/fonts/truetype/noto}
cd "$(dirname "$0")"
common=(--no-hinting --name-IDs=0,1,2,3,4,5,6,13,14 --notdef-outline --recalc-bounds --no-recalc-timestamp)
for weight in Regular Bold; do
  pyftsubset "$from/NotoSans-$weight.ttf" --output-file="NotoSans-$weight.ttf" "${common[@]}" --layout-features= \
    --unicodes=20-7E,A0-24F,2BC,300-304,307,308,30A-30C,327,328,370-3FF,400-4FF,1E00-1EFF,2010-2027,2030-203A,20A0-20BF,2116,2122,2212,25CC,FFFD
  pyftsubset "$from/NotoNaskhArabic-$weight.ttf" --output-file="NotoNaskhArabic-$weight.ttf" "${common[@]}" \
    --layout-features=init,medi,fina,rlig,mark --layout-scripts=arab --unicodes='*'
done
