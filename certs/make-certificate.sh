#!/usr/bin/env bash
# Makes a CA, and a certificate for a webhook that runs outside a cluster.
#
#   certs/make-certificate.sh FOLDER NAME...
#
# NAME: the host names or IP addresses that API servers call it by. Into FOLDER it writes
#   ca.crt   what callers trust
#   tls.crt  what the webhook serves
#   tls.key  its key
# for 365 days. The CA's key is thrown away: to renew, make both anew and hand out ca.crt again. Nothing is overwritten.
set -euo pipefail
umask 077

usage() {
  sed -n '2,11s/^# \{0,1\}//p' "$0"
}

# A folder that begins with a hyphen is an option that was meant for something else: ./-x names one that does.
case "${1:-}" in
  -h | --help)
    usage
    exit 0
    ;;
  "" | -*)
    usage >&2
    exit 2
    ;;
esac
if (($# < 2)); then
  usage >&2
  exit 2
fi
folder="$1"
shift

if ! command -v openssl >/dev/null; then
  echo "openssl is missing. On Debian: apt-get install -y openssl" >&2
  exit 1
fi
for file in ca.crt tls.crt tls.key; do
  # A link that leads nowhere is something, too.
  if [[ -e "$folder/$file" || -L "$folder/$file" ]]; then
    echo "$folder/$file is there already: name another folder, or remove it" >&2
    exit 1
  fi
done

# No leading zeros: some read 010.1.1.1 in octal, and others do not.
is_ipv4() {
  local part='(0|[1-9][0-9]{0,2})'
  [[ "$1" =~ ^$part\.$part\.$part\.$part$ ]] || return 1
  for part in "${BASH_REMATCH[@]:1}"; do
    ((part <= 255)) || return 1
  done
}

# RFC 4291, section 2.2: eight groups of one to four hexadecimal digits; "::" once, for one or more of zeros; the last
# two may be an IPv4 address.
is_ipv6() {
  local address="$1" most=8 group count=0
  [[ "$address" =~ ^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*$ ]] || return 1
  if [[ "$address" == *.* ]]; then
    is_ipv4 "${address##*:}" || return 1
    address="${address%:*}:0:0"
  fi
  if [[ "$address" == *::* ]]; then
    [[ "${address#*::}" != *::* && "$address" != *:::* ]] || return 1
    most=7
    address="${address/::/:}"
    address="${address#:}"
    address="${address%:}"
  fi
  [[ "$address" != :* && "$address" != *: ]] || return 1
  local IFS=:
  for group in $address; do
    [[ "$group" =~ ^[0-9A-Fa-f]{1,4}$ ]] || return 1
    count=$((count + 1))
  done
  ((most == 8 ? count == 8 : count <= most))
}

# RFC 1123: labels of letters, digits and hyphens. The last is none of digits alone: that is an address with a mistake.
is_host() {
  local label='[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
  [[ ${#1} -le 253 && "$1" =~ ^$label(\.$label)*$ && ! "$1" =~ (^|\.)[0-9]+$ ]]
}

# Whether it is among the names so far, in this case or another.
is_taken() (
  shopt -s nocasematch
  [[ ",$san," == *",$1,"* ]]
)

san=""
for name in "$@"; do
  if is_ipv4 "$name" || is_ipv6 "$name"; then
    entry="IP:$name"
  elif is_host "$name"; then
    entry="DNS:$name"
  else
    echo "\"$name\" is neither a host name nor an IP address: write it without brackets, zone, leading zeros or final dot;" \
      "wildcards are not taken" >&2
    exit 2
  fi
  is_taken "$entry" || san="${san:+$san,}$entry"
done

# The folder is made last: what fails before leaves nothing behind.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failed() {
  echo "openssl could not make the certificate:" >&2
  cat "$work/log" >&2
  exit 1
}

# Keys in PKCS#8, EC P-256. A pathlen of 0: this CA signs no other.
cat >"$work/openssl.cnf" <<CONFIGURATION
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $san
CONFIGURATION

key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

{
  key "$work/ca.key" &&
    openssl req -x509 -new -key "$work/ca.key" -sha256 -days 365 -subj "/CN=Unroot CA" \
      -config "$work/openssl.cnf" -extensions ca -out "$work/ca.crt" &&
    key "$work/tls.key" &&
    openssl req -new -key "$work/tls.key" -subj "/CN=Unroot" -config "$work/openssl.cnf" -out "$work/tls.csr" &&
    openssl x509 -req -in "$work/tls.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -sha256 -days 365 \
      -extfile "$work/openssl.cnf" -extensions server -out "$work/tls.crt" &&
    openssl verify -CAfile "$work/ca.crt" -purpose sslserver "$work/tls.crt" >/dev/null
} 2>"$work/log" || failed

# Only the key is a secret: whoever may read certificates has to get through the folders.
chmod 644 "$work/ca.crt" "$work/tls.crt"
(umask 022 && mkdir -p -- "$folder")
mv -- "$work/ca.crt" "$work/tls.crt" "$work/tls.key" "$folder/"
echo "made $folder/ca.crt, $folder/tls.crt and $folder/tls.key for ${san//,/ }, good for 365 days"
