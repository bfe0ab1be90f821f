#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Installs data about addresses for 'lastgood dossier' into a folder, with their licences, dates and digests.
#   tools/get_address_data.sh [--list KIND FILE DATE LICENCE]... [DIR]
# DIR is $LASTGOOD_ADDRESS_DATA, or /var/lib/lastgood/address-data, when it is not given. The sets come from npm, from the
# registry that npm is set up with; npm checks what it fetched against the registry's digest. A set whose licence is not the
# one named here is refused. Run it again for newer data: the folder is then replaced as a whole.
# --list adds a list that you have: KIND is hosting, vpn, cdn, mobile, access (one block of addresses a line) or tor_exits
# (an exit list of the day in question from the archive of the Tor network); DATE (2022-11-23) is the day of the list.
# To prepare a machine without a network: run it elsewhere and carry the folder over.
set -eu

fail() { echo "get_address_data: $*" >&2; exit 1; }

lists=$(mktemp)
dir=${LASTGOOD_ADDRESS_DATA:-/var/lib/lastgood/address-data}
while [ $# -gt 0 ]; do
  case "$1" in
    --list)
      [ $# -ge 5 ] || fail "--list needs KIND FILE DATE LICENCE"
      case "$2" in hosting | vpn | cdn | mobile | access | tor_exits) ;; *) fail "no kind of list: '$2'" ;; esac
      [ -f "$3" ] || fail "no file '$3'"
      echo "$4" | grep -qE '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' || fail "no day: '$4'"
      printf '%s\t%s\t%s\t%s\n' "$2" "$(realpath "$3")" "$4" "$5" >>"$lists"
      shift 5
      ;;
    -*) fail "unknown option '$1'" ;;
    *) dir=$1; shift ;;
  esac
done
command -v npm >/dev/null || fail "npm is not installed"
dir=$(realpath -m "$dir")
mkdir -p "$(dirname "$dir")"
part=$dir.part
rm -rf "$part"
mkdir "$part"
trap 'rm -rf "$part" "$lists"' EXIT INT TERM
cd "$part"

json_text() { printf '%s' "$1" | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g'; }
first=1
# begin_set KIND FORMAT NAME VERSION LICENCE ATTRIBUTION DATE, then file NAME..., then end_set
begin_set() {
  [ $first -eq 1 ] || printf ',\n' >>manifest.json
  first=0
  first_file=1
  printf '{"kind":"%s","format":"%s","name":"%s","version":"%s","licence":"%s","attribution":"%s","date":"%s","files":[' \
    "$1" "$2" "$(json_text "$3")" "$(json_text "$4")" "$(json_text "$5")" "$(json_text "$6")" "$7" >>manifest.json
}
file() {
  [ -s "$1" ] || fail "'$1' is missing or empty"
  [ $first_file -eq 1 ] || printf ',' >>manifest.json
  first_file=0
  printf '{"path":"%s","sha256":"%s"}' "$1" "$(sha256sum <"$1" | cut -d' ' -f1)" >>manifest.json
}
end_set() { printf ']}' >>manifest.json; }

# fetch PACKAGE LICENCE FILE...: the files into a folder of the package's name; $version and $date.
fetch() {
  package=$1
  wanted=$2
  shift 2
  echo "get_address_data: @ip-location-db/$package" >&2
  npm pack --silent "@ip-location-db/$package" >/dev/null || fail "npm cannot fetch '@ip-location-db/$package'"
  mkdir "$package"
  tar -xzf "ip-location-db-$package"-*.tgz -C "$package" --strip-components=1 --no-same-owner
  rm -f "ip-location-db-$package"-*.tgz
  licence=$(node -p 'require(process.argv[1]).license' "$PWD/$package/package.json")
  version=$(node -p 'require(process.argv[1]).version' "$PWD/$package/package.json")
  case "$licence" in *"$wanted"*) ;; *) fail "the licence of '$package' is '$licence' now, not $wanted: look at it first" ;; esac
  licence=$wanted
  digits=$(printf '%s' "$version" | sed -n 's/.*\.\([0-9]\{8\}\)[0-9]*$/\1/p')
  [ -n "$digits" ] || fail "the version of '$package' ('$version') does not say of which day it is"
  date=$(printf '%s' "$digits" | sed 's/\(....\)\(..\)\(..\)/\1-\2-\3/')
  for unused in "$package"/*; do
    case " $* LICENSE package.json " in *" ${unused##*/} "*) continue ;; esac
    case "$unused" in *LICENSE* | *MODIFICATIONS*) continue ;; esac
    rm -rf "$unused"
  done
}

printf '{"made":"%s","sets":[\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >manifest.json
fetch geo-whois-asn-country-mmdb CC0-1.0 geo-whois-asn-country.mmdb
begin_set country.registered mmdb "$package" "$version" "$licence" "contains data of the Number Resource Organization (nro.net)" "$date"
file "$package/geo-whois-asn-country.mmdb"
end_set
fetch iptoasn-country-mmdb PDDL-1.0 iptoasn-country.mmdb
begin_set country.announced mmdb "$package" "$version" "$licence" "" "$date"
file "$package/iptoasn-country.mmdb"
end_set
fetch dbip-country-mmdb CC-BY-4.0 dbip-country.mmdb
begin_set country.estimated mmdb "$package" "$version" "$licence" "IP geolocation by DB-IP (db-ip.com)" "$date"
file "$package/dbip-country.mmdb"
end_set
fetch asn CC-BY-4.0 asn-ipv4.csv asn-ipv6.csv
begin_set networks csv "$package" "$version" "$licence" "contains data of Route Views (routeviews.org), DB-IP (db-ip.com) and the Number Resource Organization (nro.net)" "$date"
file "$package/asn-ipv4.csv"
file "$package/asn-ipv6.csv"
end_set
mkdir lists
number=0
while IFS="$(printf '\t')" read -r kind path day licence; do
  number=$((number + 1))
  cp "$path" "lists/$number-$kind.txt"
  form=blocks
  [ "$kind" = tor_exits ] && form=tor-exits
  begin_set "list.$kind" $form "$(basename "$path")" "$day" "$licence" "" "$day"
  file "lists/$number-$kind.txt"
  end_set
done <"$lists"
printf '\n]}\n' >>manifest.json
node -e 'JSON.parse(require("fs").readFileSync("manifest.json"))'

cd /
old=$part.old
rm -rf "$old"
[ ! -e "$dir" ] || mv "$dir" "$old"
mv "$part" "$dir"
rm -rf "$old"
echo "get_address_data: $(du -sh "$dir" | cut -f1) in '$dir'" >&2
