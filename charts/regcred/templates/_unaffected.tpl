{{/*
webhooks.skipUnaffected: the images of which regcred has nothing to say whatever is in the namespace, in CEL. Pods that list no pull secret
and have no other images need no call.

The classes of src/policy/registries/classifier.ts: the most specific pattern that fits an image decides. What is uncertain or unusual is
asked about, so that every mistake of these templates ought to cost a call and no more; test/e2e/chart/calls compares them with regcred itself.
*/}}

{{/* The registry of a pattern as src/policy/registries/pattern.ts compares it: without port 443, and by the first of its names. */}}
{{- define "regcred.registry" -}}
{{- $port := regexFind ":[0-9]+$" . | trimPrefix ":" -}}
{{- $name := regexReplaceAll ":[0-9]+$" . "" -}}
{{- $number := regexReplaceAll "^0+(.)" $port "${1}" -}}
{{- if or (not $number) (eq $number "443") -}}
{{- get (dict "ecr-public.aws.com" "public.ecr.aws" "k8s.gcr.io" "registry.k8s.io") $name | default $name -}}
{{- else -}}
{{- printf "%s:%s" $name $number -}}
{{- end -}}
{{- end -}}

{{/* The lists of the configuration, the defaults in place of those that it does not have: {private: [], node: [], public: [], mixed: []}. */}}
{{- define "regcred.registries" -}}
{{- $written := dig "registries" dict .Values.config -}}
{{- $defaults := dict "private" list "node" list -}}
{{- $_ := set $defaults "public" (list "docker.io/library" "registry.k8s.io" "public.ecr.aws" "mcr.microsoft.com" "mirror.gcr.io" "gcr.io/distroless" "registry.access.redhat.com" "docker.elastic.co" "reg.kyverno.io" "xpkg.crossplane.io") -}}
{{- $_ := set $defaults "mixed" (list "docker.io" "ghcr.io" "quay.io" "gcr.io" "*.gcr.io" "*-docker.pkg.dev" "registry.gitlab.com" "nvcr.io") -}}
{{- $identities := list -}}
{{- range $class := list "private" "node" "public" "mixed" -}}
{{- range get $written $class | default list -}}
{{- $text := kindIs "map" . | ternary (get (kindIs "map" . | ternary . dict) "pattern") . -}}
{{- $slash := regexFind "/.*$" $text -}}
{{- $identities = append $identities (printf "%s%s" (include "regcred.registry" (trimSuffix $slash $text | lower)) (lower $slash)) -}}
{{- end -}}
{{- end -}}
{{- $lists := dict -}}
{{- range $class, $patterns := $defaults -}}
{{- if hasKey $written $class -}}
{{- $_ := set $lists $class (get $written $class) -}}
{{- else -}}
{{- $left := list -}}
{{- range $patterns -}}
{{- if not (has . $identities) -}}{{- $left = append $left . -}}{{- end -}}
{{- end -}}
{{- $_ := set $lists $class $left -}}
{{- end -}}
{{- end -}}
{{- toJson $lists -}}
{{- end -}}

{{/*
One pattern as {isAffected, registry, rank, hub, other}: rank sorts the more specific first; hub and other are regular expressions of the
images of Docker Hub and of all other registries that it fits, empty where it fits none. Takes dict "text", "listedIn", "isNode", "isAffected", "index".

Of an image as it is compared here the text is known to be an ordinary one: regcred.isUnaffected.
*/}}
{{- define "regcred.pattern" -}}
{{- $path := regexFind "/.*$" .text | trimPrefix "/" -}}
{{- $authority := regexReplaceAll "/.*$" .text "" | lower -}}
{{- $part := "[a-z0-9*](?:[a-z0-9_*-]*[a-z0-9*])?" -}}
{{- $segment := "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*" -}}
{{- $isHost := regexMatch (printf `^(?:%[1]s(?:\.%[1]s)*|\[[0-9a-f:]+\])(?::[0-9]+)?$` $part) $authority -}}
{{- $isPath := or (not (contains "/" .text)) (regexMatch (printf "^%[1]s(?:/%[1]s)*$" $segment) $path) -}}
{{- $isAlias := regexMatch `^(?:(?:index\.docker\.io|registry-1\.docker\.io|hub\.docker\.com)(?::|$)|[^.:]*$)` $authority -}}
{{- if not (and $isHost $isPath (or (not $isAlias) (eq $authority "localhost"))) -}}
{{- fail (printf "webhooks.skipUnaffected: %q is not a pattern of images (config.%s)" .text .listedIn) -}}
{{- end -}}
{{- $written := regexFind ":[0-9]+$" $authority | trimPrefix ":" -}}
{{- /* Images with such a registry or port are asked about. The nodes log in for the port as it is written. */ -}}
{{- $isUnusual := or (hasPrefix "[" $authority) (and .isNode (or (hasPrefix "0" $written) (eq $written "443"))) -}}
{{- $registry := include "regcred.registry" $authority -}}
{{- $expression := $registry | regexQuoteMeta | replace `\*` `[^./:]*` -}}
{{- $segments := ternary 0 (len (splitList "/" $path)) (eq $path "") -}}
{{- $literals := 0 -}}
{{- range splitList "." (regexReplaceAll ":[0-9]+$" $registry "") -}}
{{- if not (contains "*" .) -}}{{- $literals = add1 $literals -}}{{- end -}}
{{- end -}}
{{- $below := regexQuoteMeta $path -}}
{{- $hub := "" -}}
{{- $other := "" -}}
{{- if not $isUnusual -}}
{{- if ne $registry "docker.io" -}}
{{- $other = printf "%s/%s" $expression (ternary "" (printf "%s(?:[/:@]|$)" $below) (eq $path "")) -}}
{{- end -}}
{{- if regexMatch (printf "^%s$" $expression) "docker.io" -}}
{{- /* Their path has two segments at least: nginx is library/nginx. One that begins with a dotted name stands behind the registry alone. */ -}}
{{- $host := ternary `docker\.io/` `(?:docker\.io/)?` (contains "." (splitList "/" $path | first)) -}}
{{- $name := trimPrefix "library/" $path -}}
{{- if eq $path "" -}}
{{- $hub = "." -}}
{{- else if eq $path "library" -}}
{{- $hub = printf "%s(?:library/|[^/]+$)" $host -}}
{{- else if eq $segments 1 -}}
{{- $hub = printf "%s%s/" $host $below -}}
{{- else if and (eq $segments 2) (ne $name $path) -}}
{{- $hub = printf `%[2]s(?:library/%[1]s/|(?:library/)?%[1]s(?:[:@]|$))` (regexQuoteMeta $name) $host -}}
{{- else -}}
{{- $hub = printf `%s%s(?:[/:@]|$)` $host $below -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $rank := printf "%04d %04d %06d" (sub 9999 $segments) (sub 9999 $literals) (int .index) -}}
{{- dict "isAffected" .isAffected "registry" $registry "rank" $rank "hub" $hub "other" $other | toJson -}}
{{- end -}}

{{/* Whether the patterns of one kind (hub, other), in their order, leave an image unaffected. Takes dict "patterns", "kind", "byDefault". */}}
{{- define "regcred.patternChain" -}}
{{- $kind := .kind -}}
{{- $patterns := list -}}
{{- range .patterns -}}{{- if get . $kind -}}{{- $patterns = append $patterns . -}}{{- end -}}{{- end -}}
{{- $runs := list -}}
{{- $byDefault := .byDefault -}}
{{- range $at, $pattern := $patterns -}}
{{- /* What is affected matters only before what is not and could be an image of the same registry. */ -}}
{{- $matters := or $byDefault (not $pattern.isAffected) -}}
{{- range slice $patterns $at -}}
{{- if and (not .isAffected) (or (eq .registry $pattern.registry) (contains "*" (print .registry $pattern.registry))) -}}
{{- $matters = true -}}
{{- end -}}
{{- end -}}
{{- if $matters -}}
{{- $run := last $runs | default dict -}}
{{- if and $runs (eq $run.isAffected $pattern.isAffected) -}}
{{- $_ := set $run "patterns" (append $run.patterns (get $pattern $kind)) -}}
{{- else -}}
{{- $runs = append $runs (dict "isAffected" $pattern.isAffected "patterns" (list (get $pattern $kind))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $chain := ternary "true" "false" .byDefault -}}
{{- range reverse $runs -}}
{{- $fits := printf "image.matches(%s)" (printf "^(?:%s)" (join "|" (uniq .patterns)) | toJson) -}}
{{- if .isAffected -}}
{{- $chain = ternary "false" (ternary (printf "!%s" $fits) (printf "!%s && (%s)" $fits $chain) (eq $chain "true")) (eq $chain "false") -}}
{{- else -}}
{{- $chain = ternary "true" (ternary $fits (printf "%s || (%s)" $fits $chain) (eq $chain "false")) (eq $chain "true") -}}
{{- end -}}
{{- end -}}
{{- $chain -}}
{{- end -}}

{{/* The longest that the condition may be, in characters. A regular expression costs the API server a quarter of a unit a character for every
     ten of the text, and it ends a condition at 1,000,000: this is 800,000 for 20 images of 255 characters. A condition that it ends is not met. */}}
{{- define "regcred.maxConditionLength" -}}6000{{- end -}}

{{/*
True of Pods about which regcred may have something to say. Of a Namespace a condition sees nothing, so its labels count as being all that
they can be, and that it has no annotation of ours is a promise of whoever sets skipUnaffected.
*/}}
{{- define "regcred.isAffected" -}}
{{- $config := .Values.config -}}
{{- if dig "inject" "secrets" list $config -}}
{{- fail "webhooks.skipUnaffected cannot go with config.inject.secrets: they are for every Pod, so regcred has to be called for every Pod" -}}
{{- end -}}
{{- $matches := dig "inject" "match" (ne (dig "view" "secrets" "contents" $config) "names") $config -}}
{{- $patterns := list -}}
{{- $index := 0 -}}
{{- $lists := include "regcred.registries" . | fromJson -}}
{{- range $class := list "private" "node" "public" "mixed" -}}
{{- range get $lists $class | default list -}}
{{- $index = add1 $index -}}
{{- $isMapping := kindIs "map" . -}}
{{- $text := . -}}
{{- if $isMapping -}}{{- $text = .pattern -}}{{- end -}}
{{- /* The ServiceAccount decides about an entry with annotations, and match may reach into what is mixed. */ -}}
{{- $isAffected := or (eq $class "private") $isMapping (and (eq $class "mixed") $matches) -}}
{{- $patterns = append $patterns (include "regcred.pattern" (dict "text" $text "listedIn" (printf "registries.%s" $class) "isNode" (eq $class "node") "isAffected" $isAffected "index" $index) | fromJson) -}}
{{- end -}}
{{- end -}}
{{- $sorted := dict -}}
{{- range $patterns -}}{{- $_ := set $sorted .rank . -}}{{- end -}}
{{- $ranked := list -}}
{{- /* A rule brings names to every image that it fits, whatever else does. */ -}}
{{- range dig "inject" "rules" list $config -}}
{{- range .images -}}
{{- $ranked = append $ranked (include "regcred.pattern" (dict "text" . "listedIn" "inject.rules" "isNode" false "isAffected" true "index" 0) | fromJson) -}}
{{- end -}}
{{- end -}}
{{- range keys $sorted | sortAlpha -}}{{- $ranked = append $ranked (get $sorted .) -}}{{- end -}}
{{- $byDefault := and (not $matches) (ne (dig "registries" "default" "unlisted" $config) "private") -}}
{{- $part := "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?" -}}
{{- $segment := "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*" -}}
{{- $name := printf `^(?:%[1]s(?:\.%[1]s)*(?::[1-9][0-9]{0,4})?/)?%[2]s(?:/%[2]s)*` $part $segment -}}
{{- $ordinary := printf `%s(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$` $name -}}
{{- $unusual := `^(?:localhost/|(?:index|registry-1)\.docker\.io[:/]|ecr-public\.aws\.com[:/]|k8s\.gcr\.io[:/]|[^/]*:443/|[a-f0-9]{64}$)` -}}
{{- $condition := include "regcred.isAffectedExpression" (dict "ordinary" $ordinary "unusual" $unusual
  "hub" (include "regcred.patternChain" (dict "patterns" $ranked "kind" "hub" "byDefault" $byDefault))
  "other" (include "regcred.patternChain" (dict "patterns" $ranked "kind" "other" "byDefault" $byDefault))) -}}
{{- if gt (len $condition) (include "regcred.maxConditionLength" . | int) -}}
{{- fail (printf "webhooks.skipUnaffected: config.registries and config.inject.rules have too many patterns for a match condition, which would have %d characters; leave it off" (len $condition)) -}}
{{- end -}}
{{- $condition -}}
{{- end -}}

{{/* The cheap questions first: what is large costs little, and is asked about. */}}
{{- define "regcred.isAffectedExpression" -}}
request.operation != 'CREATE'
|| object.spec.?containers.orValue(null) == null || object.spec.containers.size() == 0
|| object.spec.containers.size() + object.spec.?initContainers.orValue([]).size() > 20
|| object.spec.?imagePullSecrets.orValue([]).size() > 0
|| object.spec.?volumes.orValue([]).size() > 100
|| object.spec.?volumes.orValue([]).exists(volume, has(volume.image))
|| 'regcred.dev/pull-secrets' in object.metadata.?annotations.orValue({})
|| 'regcred.dev/inject' in object.metadata.?annotations.orValue({})
|| !(object.spec.containers + object.spec.?initContainers.orValue([])).map(container, container.?image.orValue('')).all(image,
image.size() <= 255 && image.matches({{ .ordinary | toJson }})
&& !image.matches({{ .unusual | toJson }})
&& (image.matches({{ `^(?:docker\.io/|[^/]*$|[^./:]+/)` | toJson }}) ? {{ .hub }} : {{ .other }}))
{{- end -}}
