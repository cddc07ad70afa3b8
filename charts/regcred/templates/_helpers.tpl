{{/* A label has 63 characters, and that of the tools 6 more than this. */}}
{{- define "regcred.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 57 | trimAll "-." -}}
{{- end -}}

{{/* What is derived from it may have 11 more. A release may have a dot in its name, a Service may not. */}}
{{- define "regcred.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "regcred.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | replace "." "-" | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "regcred.selectorLabels" -}}
app.kubernetes.io/name: {{ include "regcred.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "regcred.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "regcred.labels" -}}
{{ include "regcred.selectorLabels" . }}
app.kubernetes.io/component: webhook
{{ include "regcred.commonLabels" . }}
{{- end -}}

{{/* Labels of what helm test makes, which the server's selectors must not match. */}}
{{- define "regcred.toolLabels" -}}
app.kubernetes.io/name: {{ include "regcred.name" . }}-tools
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{ include "regcred.commonLabels" . }}
{{- end -}}

{{- define "regcred.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "regcred.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/*
What is set decides. A released chart knows the digest of its own image, which says nothing of another tag or of a copy elsewhere.

| image.digest | image.tag | image.repository | the image              |
| set          |           |                  | repository@digest      |
| empty        | set       |                  | repository:tag         |
| empty        | empty     | the chart's own  | repository@its digest  |
| empty        | empty     | another          | repository:appVersion  |
*/}}
{{- define "regcred.image" -}}
{{- $built := ternary (index .Chart.Annotations "regcred.dev/image-digest") "" (eq .Values.image.repository "ghcr.io/regcred/regcred") -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else if and $built (not .Values.image.tag) -}}
{{- printf "%s@%s" .Values.image.repository $built -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "regcred.webhookName" -}}
{{- default (include "regcred.fullname" .) .Values.webhooks.name -}}
{{- end -}}

{{/* What the webhooks' names end with: of a release that is not called regcred its own, so that the API server's metrics, errors and
     audit annotations tell two releases apart. */}}
{{- define "regcred.webhookDomain" -}}
{{- $name := include "regcred.fullname" . -}}
{{- ternary "regcred.dev" (printf "%s.regcred.dev" $name) (eq $name "regcred") -}}
{{- end -}}

{{/* The path of a stage, e.g. /mutate, below the secret one. Takes dict "root", "path". */}}
{{- define "regcred.path" -}}
{{- with .root.Values.webhooks.path }}/{{ . }}{{ end }}{{ .path -}}
{{- end -}}

{{- define "regcred.pathSecretName" -}}
{{- printf "%s-path" (include "regcred.fullname" .) -}}
{{- end -}}

{{/* Marks what keeps a release running. Together with a right that only its ServiceAccounts have it keeps all releases away: a
     release that does not answer must not keep another from starting. */}}
{{- define "regcred.ownLabel" -}}
regcred.dev/release: {{ include "regcred.fullname" . }}
{{- end -}}

{{/* The name by which the API server calls the Service. */}}
{{- define "regcred.serverName" -}}
{{- printf "%s.%s.svc" (include "regcred.fullname" .) .Release.Namespace -}}
{{- end -}}

{{- define "regcred.tlsSecretName" -}}
{{- if eq .Values.tls.mode "selfManaged" -}}
{{- default (printf "%s-tls" (include "regcred.fullname" .)) .Values.tls.selfManaged.secretName -}}
{{- else if eq .Values.tls.mode "certManager" -}}
{{- default (printf "%s-cert" (include "regcred.fullname" .)) .Values.tls.certManager.secretName -}}
{{- else -}}
{{- required "tls.mode secret needs tls.secret.name" .Values.tls.secret.name -}}
{{- end -}}
{{- end -}}

{{/* With --reuse-values an upgrade has the values of a release that did not know it. */}}
{{- define "regcred.healthPort" -}}
{{- default 8081 .Values.healthPort -}}
{{- end -}}

{{/* The mode of the configuration. Without quotes YAML 1.1 makes false of off. */}}
{{- define "regcred.mode" -}}
{{- $written := dig "mode" "warn" .Values.config -}}
{{- kindIs "bool" $written | ternary "off" $written -}}
{{- end -}}

{{/* Whether Pods are given pull secrets in a namespace without labels. */}}
{{- define "regcred.injects" -}}
{{- $enabled := dig "inject" "enabled" "auto" .Values.config | toString -}}
{{- if and .Values.webhooks.mutate.enabled (or (eq $enabled "true") (and (eq $enabled "auto") (has (include "regcred.mode" .) (list "warn" "enforce")))) }}true{{ end -}}
{{- end -}}

{{/* Whether helm renders for a cluster, whose kinds it then knows. What it runs by itself, its tests, is not to be in what somebody renders
     with helm template and applies with kubectl: kubectl knows no hooks. */}}
{{- define "regcred.inCluster" -}}
{{- if .Capabilities.APIVersions.Has "v1/Pod" }}true{{ end -}}
{{- end -}}

{{/* What the schema cannot say. */}}
{{- define "regcred.validate" -}}
{{- if eq .Release.Namespace "kube-system" -}}
{{- fail "regcred leaves kube-system alone, so it cannot be installed there: install it into a namespace of its own" -}}
{{- end -}}
{{- if and .Values.hostNetwork (eq (int .Values.securePort) 10250) -}}
{{- fail "hostNetwork needs another securePort: the kubelet uses 10250" -}}
{{- end -}}
{{- if and (eq (toString .Values.webhooks.validate.podsOfControllers) "false") (dig "enforce" "controllers" false .Values.config) -}}
{{- fail "webhooks.validate.podsOfControllers: false cannot go with config.enforce.controllers: Pods that are not checked are not refused" -}}
{{- end -}}
{{- $ports := list (int .Values.securePort) (int .Values.metricsPort) (int (include "regcred.healthPort" .)) -}}
{{- if ne (len (uniq $ports)) 3 -}}
{{- fail "securePort, metricsPort and healthPort have to differ" -}}
{{- end -}}
{{- with .Values.tls.clientCA -}}
{{- if and (or .commonNames .subjectAltNames) (not .configMapName) -}}
{{- fail "tls.clientCA.commonNames and subjectAltNames need tls.clientCA.configMapName: the CA that signs the client certificates" -}}
{{- end -}}
{{- end -}}
{{- if and .Values.metrics.serviceMonitor.enabled .Values.metrics.podMonitor.enabled -}}
{{- fail "metrics.serviceMonitor and metrics.podMonitor together count everything twice: enable one of them" -}}
{{- end -}}
{{- end -}}

{{/* Fields that all Pods of the release share, in the order of the API. */}}
{{- define "regcred.pod" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
enableServiceLinks: false
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- end -}}

{{/* A container that runs a script of files/ in the server's image. Takes dict "root", "name", "script", "env". */}}
{{- define "regcred.script" -}}
- name: {{ .name }}
  image: {{ include "regcred.image" .root | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [node, --input-type=module, --eval]
  args:
    - |
      {{- .root.Files.Get (printf "files/%s" .script) | nindent 6 }}
  env:
    - name: NODE_EXTRA_CA_CERTS
      value: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    {{- toYaml .env | nindent 4 }}
  resources:
    requests:
      cpu: 10m
      memory: 64Mi
    limits:
      memory: 128Mi
  securityContext:
    {{- toYaml .root.Values.securityContext | nindent 4 }}
{{- end -}}
