#!/usr/bin/env bash
# From a file to a synchronized iModel, in the eight steps of the platform's synchronization workflow.
# Usage: workflow.sh URL CREDENTIALS ITWIN_ID IMODEL_ID FILE CONNECTOR_TYPE
# CREDENTIALS is CLIENT_ID:CLIENT_SECRET of a client of the service.
set -euo pipefail
url=$1 credentials=$2 itwin=$3 imodel=$4 file=$5 type=$6

# A field of the JSON on standard input, such as `file.id`.
field() { node -pe "JSON.parse(require('fs').readFileSync(0, 'utf8')).$1"; }

# A request; what is not a success ends the script.
http() { curl --silent --show-error --fail-with-body "$@"; }
request() { http --header "Authorization: Bearer $token" "$@"; }
send() { request --header "Content-Type: application/json" --data "$1" "${@:2}"; }

token=$(http --user "$credentials" --data grant_type=client_credentials "$url/oauth/token" | field access_token)

# 1. The root folder of the storage: its id is the last part of the link to it.
root=$(request "$url/storage?iTwinId=$itwin" | field "_links.folder.href.split('/').at(-1)")

# 2. Create the file in it.
upload=$(send "{\"displayName\":\"$(basename "$file")\"}" "$url/storage/folders/$root/files")

# 3. Upload its content. The URL is signed: it needs no token.
http --upload-file "$file" --header "x-ms-blob-type: BlockBlob" "$(field _links.uploadUrl.href <<<"$upload")"

# 4. Complete the upload.
file_id=$(request --request POST "$(field _links.completeUrl.href <<<"$upload")" | field file.id)

# 5. Create a storage connection with the file.
connections=$url/synchronization/imodels/storageconnections
connection=$(send "{\"iModelId\":\"$imodel\",\"sourceFiles\":[{\"storageFileId\":\"$file_id\",\"connectorType\":\"$type\"}]}" \
  "$connections" | field connection.id)

# 6. Run it. The Location of the answer is the run.
run=$(request --request POST --output /dev/null --dump-header - "$connections/$connection/run" |
  sed -n 's/^location: *\([^[:space:]]*\).*/\1/ip')

# 7. Ask for the run until it is completed.
state=Queued
until [ "$state" = Completed ]; do
  sleep 1
  state=$(request "$run" | field run.state)
done

# 8. Print what it came to.
request "$run" | field "run.result"
