{{/* The name of every object. Names of Services end at 63 characters. */}}
{{- define "unroot.name" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/*
Whatever people name goes through toYaml (within brackets through quote), which puts in quotes what YAML would take for
something else than a text: on, 1e3, 08, null.
*/}}

{{/* What selects the webhook's pods. Never changes: a Deployment's selector cannot. */}}
{{- define "unroot.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | toYaml }}
app.kubernetes.io/instance: {{ .Release.Name | toYaml }}
{{- end -}}

{{/* Of every object; only what also has labels of its own takes unroot.labelsWith instead. */}}
{{- define "unroot.labels" -}}
{{ include "unroot.labelsWith" (list . dict) }}
{{- end -}}

{{/* The labels and some more, of (list $ labels): a key that commonLabels has, too, is the object's own. */}}
{{- define "unroot.labelsWith" -}}
{{- $root := first . -}}
{{ include "unroot.selectorLabels" $root }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service | toYaml }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | toYaml }}
{{- with merge dict (last .) $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* metadata of an object of the release's namespace; of another one, and of the cluster, write it out. */}}
{{- define "unroot.metadata" -}}
name: {{ include "unroot.name" . | toYaml }}
namespace: {{ .Release.Namespace | toYaml }}
labels:
  {{- include "unroot.labels" . | nindent 2 }}
{{- end -}}

{{/* metadata of what monitoring reads, of (list $ values): it may have to be in that one's namespace. */}}
{{- define "unroot.monitoringMetadata" -}}
{{- $root := first . -}}
{{- $values := last . -}}
name: {{ include "unroot.name" $root | toYaml }}
namespace: {{ default $root.Release.Namespace $values.namespace | toYaml }}
labels:
  {{- include "unroot.labelsWith" (list $root $values.labels) | nindent 2 }}
{{- end -}}

{{/* Where an umbrella chart says which registry all images come from, it takes the place of the repository's own host. */}}
{{- define "unroot.repository" -}}
{{- $repository := .Values.image.repository -}}
{{- with (default dict .Values.global).imageRegistry -}}
{{- $parts := splitList "/" $repository -}}
{{- if and (gt (len $parts) 1) (regexMatch "[.:]|^localhost$" (first $parts)) -}}
{{- $repository = rest $parts | join "/" -}}
{{- end -}}
{{- $repository = printf "%s/%s" (trimSuffix "/" .) $repository -}}
{{- end -}}
{{- $repository -}}
{{- end -}}

{{- define "unroot.image" -}}
{{ include "unroot.repository" . }}:{{ default .Chart.AppVersion .Values.image.tag }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end -}}

{{/* imagePullSecrets, an umbrella chart's with our own; names or {name: …}. */}}
{{- define "unroot.imagePullSecrets" -}}
{{- $secrets := .Values.image.pullSecrets -}}
{{- range (default dict .Values.global).imagePullSecrets -}}
{{- $secrets = append $secrets (ternary (dict "name" .) . (kindIs "string" .)) -}}
{{- end -}}
{{- with uniq $secrets -}}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* Who the webhook is to the API server. */}}
{{- define "unroot.serviceAccount" -}}
{{- default (include "unroot.name" .) .Values.serviceAccount.name -}}
{{- end -}}

{{/* The Secret that certificates are kept in: one that is somebody else's has another name than Unroot's own. */}}
{{- define "unroot.certificateSecret" -}}
{{- if eq .Values.certificates.source "existing-secret" -}}
{{ .Values.certificates.existingSecret.name }}
{{- else if eq .Values.certificates.source "cert-manager" -}}
{{ include "unroot.name" . }}-tls
{{- else -}}
{{ include "unroot.name" . }}-certificate
{{- end -}}
{{- end -}}

{{/* What mode and level mean for a namespace without labels. */}}
{{- define "unroot.defaults" -}}
enforce: {{ ternary .Values.level "none" (eq .Values.mode "enforce") }}
warn: {{ ternary "none" .Values.level (eq .Values.mode "audit") }}
audit: {{ .Values.level }}
{{- end -}}

{{/* The configuration file: config as it stands, and what the chart knows by itself. */}}
{{- define "unroot.configuration" -}}
apiVersion: unroot.dev/v1
kind: UnrootConfiguration
defaults:
  {{- include "unroot.defaults" . | nindent 2 }}
{{- $certificates := dict "service" (include "unroot.name" .) "webhookConfiguration" (include "unroot.name" .) }}
{{- $derived := dict "certificates" $certificates }}
{{- if eq .Values.certificates.source "self-managed" }}
  {{- $_ := set $certificates "secret" (include "unroot.certificateSecret" .) }}
  {{- $_ := set $derived "leaderElection" (dict "leaseName" (include "unroot.name" .)) }}
{{- else }}
  {{- $_ := set $certificates "certFile" "/etc/unroot-certificate/tls.crt" }}
  {{- $_ := set $certificates "keyFile" "/etc/unroot-certificate/tls.key" }}
{{- end }}
{{- $pullSecrets := list }}
{{- if eq (toString .Values.pullSecrets) "cluster" }}
  {{- $pullSecrets = list "*" }}
{{- else if kindIs "map" .Values.pullSecrets }}
  {{- $pullSecrets = .Values.pullSecrets.namespaces }}
{{- end }}
{{- if $pullSecrets }}
  {{- $_ := set $derived "imageLookup" (dict "pullSecrets" (dict "namespaces" $pullSecrets)) }}
{{- end }}
{{ toYaml (merge $derived (deepCopy .Values.config)) }}
{{- end -}}

{{/* Values of the label kubernetes.io/metadata.name that no webhook matches, as JSON. */}}
{{- define "unroot.excludedNamespaces" -}}
{{- concat (list "kube-system" .Release.Namespace) .Values.excludedNamespaces | uniq | toJson -}}
{{- end -}}

{{/* Namespaces but for the excluded ones. */}}
{{- define "unroot.everywhere" -}}
- key: kubernetes.io/metadata.name
  operator: NotIn
  values: {{ include "unroot.excludedNamespaces" . }}
{{- end -}}

{{/* "true" where every namespace enforces a level. */}}
{{- define "unroot.hasFloor" -}}
{{- if ne (default "none" .Values.config.floor) "none" }}true{{ end -}}
{{- end -}}

{{/* "true" where the level is more than the floor asks for anyway. */}}
{{- define "unroot.isAboveFloor" -}}
{{- $ranks := dict "none" 0 "nonroot" 1 "hardened" 2 "explicit" 3 -}}
{{- if gt (get $ranks .Values.level | int) (get $ranks (default "none" .Values.config.floor) | int) }}true{{ end -}}
{{- end -}}

{{/* Ends the rendering where values do not fit together, which a schema cannot tell. */}}
{{- define "unroot.validate" -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" (include "unroot.name" .)) -}}
{{- fail (printf "the release's name %s cannot be a Service's, which begins with a letter and has no dots: set fullnameOverride" (include "unroot.name" .)) -}}
{{- end -}}
{{- if not .Values.serviceAccount.create -}}
{{- if not .Values.serviceAccount.name -}}
{{- fail "serviceAccount.create is false and serviceAccount.name is empty: name the one that Unroot runs as" -}}
{{- end -}}
{{- if .Values.serviceAccount.annotations -}}
{{- fail (printf "serviceAccount.annotations are set and serviceAccount.create is false: annotate %s yourself, and leave them out" .Values.serviceAccount.name) -}}
{{- end -}}
{{- end -}}
{{- if eq (int .Values.webhook.port) (int .Values.management.port) -}}
{{- fail (printf "webhook.port and management.port are both %d: give each a port of its own" (int .Values.webhook.port)) -}}
{{- end -}}
{{- if and .Values.certificates.existingSecret.name (ne .Values.certificates.source "existing-secret") -}}
{{- fail (printf "certificates.existingSecret.name is set and certificates.source is %s: set it to existing-secret, or leave the name out" .Values.certificates.source) -}}
{{- end -}}
{{- if and (.Values.certificates.certManager.issuerRef | values | compact) (ne .Values.certificates.source "cert-manager") -}}
{{- fail (printf "certificates.certManager.issuerRef is set and certificates.source is %s: set it to cert-manager, or leave issuerRef out" .Values.certificates.source) -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail (printf "autoscaling.minReplicas is %d and autoscaling.maxReplicas is %d: set the most to no less than the least" (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- $lookup := default "5s" (get (default dict .Values.config.imageLookup) "timeout") -}}
{{- if regexMatch "^[0-9]+s$" $lookup -}}
{{- if le (int .Values.webhook.timeoutSeconds) (trimSuffix "s" $lookup | int) -}}
{{- fail (printf "webhook.timeoutSeconds is %d, and has to be more than config.imageLookup.timeout, which is %s: raise the one (30 at most), or lower the other" (int .Values.webhook.timeoutSeconds) $lookup) -}}
{{- end -}}
{{- end -}}
{{- include "unroot.validateCertificates" . -}}
{{- $drain := default "10s" (get (default dict .Values.config.shutdown) "drainDelay") -}}
{{- if regexMatch "^[0-9]+[sm]$" $drain -}}
{{- $seconds := mul (regexFind "[0-9]+" $drain | int) (ternary 60 1 (hasSuffix "m" $drain)) -}}
{{- if gt (int $seconds) 600 -}}
{{- fail (printf "config.shutdown.drainDelay is %s, and may be 10m at most" $drain) -}}
{{- end -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (add $seconds 15 | int) -}}
{{- fail (printf "terminationGracePeriodSeconds is %d, and a drainDelay of %s with 15 seconds for what is in flight takes %d" (int .Values.terminationGracePeriodSeconds) $drain (add $seconds 15)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The same of config.certificates and config.leaderElection, which mean something to some of the sources alone. */}}
{{- define "unroot.validateCertificates" -}}
{{- $certificates := default dict .Values.config.certificates -}}
{{- if eq .Values.certificates.source "self-managed" -}}
{{- if $certificates.caFile -}}
{{- fail "config.certificates.caFile is set and certificates.source is self-managed, which makes a CA of its own: leave it out" -}}
{{- end -}}
{{- else -}}
{{- range $key := list "caLifetime" "leafLifetime" -}}
{{- if get $certificates $key -}}
{{- fail (printf "config.certificates.%s is set and certificates.source is %s: only with self-managed does Unroot make certificates, so leave it out" $key $.Values.certificates.source) -}}
{{- end -}}
{{- end -}}
{{- if (default dict .Values.config.leaderElection).namespace -}}
{{- fail (printf "config.leaderElection.namespace is set and certificates.source is %s: only with self-managed is there an election, so leave it out" .Values.certificates.source) -}}
{{- end -}}
{{- end -}}
{{- if and $certificates.clientNames (not $certificates.clientCaFile) -}}
{{- fail "config.certificates.clientNames is set without clientCaFile, and without that no client certificate is asked for: set it, or leave the names out" -}}
{{- end -}}
{{- end -}}

{{/* "true" where controllers are denied too. */}}
{{- define "unroot.enforcesWorkloads" -}}
{{- if (default dict .Values.config.workloads).enforce }}true{{ end -}}
{{- end -}}

{{/*
Namespaces in which something may be denied, and so must not be let in unseen. A label that is no level reads as the
strictest one. NotIn matches a namespace without the label, too.
*/}}
{{- define "unroot.enforcing" -}}
{{- if not (include "unroot.hasFloor" .) }}
{{- if ne .Values.mode "enforce" }}
- key: unroot.dev/enforce
  operator: Exists
{{- end }}
- key: unroot.dev/enforce
  operator: NotIn
  values: [none]
{{- end }}
{{ include "unroot.everywhere" . }}
{{- end -}}

{{/*
The others. "Without the label, or none" is no single selector, but "no level that enforces" is: a namespace whose label
is no level matches both webhooks, which costs a second call and decides the same.
*/}}
{{- define "unroot.observing" -}}
- key: unroot.dev/enforce
{{- if eq .Values.mode "enforce" }}
  operator: In
  values: [none]
{{- else }}
  operator: NotIn
  values: [nonroot, hardened, explicit]
{{- end }}
{{ include "unroot.everywhere" . }}
{{- end -}}

{{/* What every webhook has, of (dict "root" $ "path" …). Its caBundle is not here where somebody else writes it: an upgrade then leaves it alone. */}}
{{- define "unroot.webhook" -}}
admissionReviewVersions: [v1]
clientConfig:
  service:
    name: {{ include "unroot.name" .root | toYaml }}
    namespace: {{ .root.Release.Namespace | toYaml }}
    path: {{ .path }}
    port: 443
  {{- if eq .root.Values.certificates.source "existing-secret" }}
  caBundle: {{ .root.Values.certificates.existingSecret.caBundle | b64enc }}
  {{- end }}
matchPolicy: Equivalent
sideEffects: None
timeoutSeconds: {{ .root.Values.webhook.timeoutSeconds }}
{{- end -}}

{{- define "unroot.podRules" -}}
- apiGroups: [""]
  apiVersions: [v1]
  operations: [CREATE, UPDATE]
  resources: [pods]
  scope: Namespaced
- apiGroups: [""]
  apiVersions: [v1]
  operations: [UPDATE]
  resources: [pods/ephemeralcontainers]
  scope: Namespaced
{{- end -}}

{{/*
Updates in which nothing that is judged changes are not sent, so that an outage does not hold them up: finalizers, labels,
whatever is being deleted. Of a pod's spec all fields count but those that may change and are not judged: a field that is
new to Kubernetes counts.
*/}}
{{- define "unroot.podConditions" -}}
{{- $passive := "[\"activeDeadlineSeconds\", \"schedulingGates\", \"terminationGracePeriodSeconds\", \"tolerations\"]" -}}
- name: not-being-deleted
  expression: {{ include "unroot.notBeingDeleted" . }}
- name: judged-fields-change
  expression: >-
    request.operation != "UPDATE"
    || object.spec.exists(field, !(field in {{ $passive }})
    && (!(field in oldObject.spec) || object.spec[field] != oldObject.spec[field]))
    || oldObject.spec.exists(field, !(field in {{ $passive }}) && !(field in object.spec))
{{- end -}}

{{- define "unroot.notBeingDeleted" -}}
request.operation != "UPDATE" || !has(object.metadata.deletionTimestamp)
{{- end -}}

{{/*
CEL, true of a controller that may be denied: a new one, and one whose pods change. Where the template of a kind stands is
written out; of a configured one anything but its metadata counts.
*/}}
{{- define "unroot.controllerMayBeDenied" -}}
request.operation != "UPDATE" || (!has(object.metadata.deletionTimestamp) && (
request.kind.group + "/" + request.kind.kind in
["/ReplicationController", "apps/DaemonSet", "apps/Deployment", "apps/ReplicaSet", "apps/StatefulSet", "batch/Job"]
&& has(object.spec.template) && has(oldObject.spec.template)
? object.spec.template != oldObject.spec.template
: request.kind.group == "batch" && request.kind.kind == "CronJob"
? object.spec.jobTemplate != oldObject.spec.jobTemplate
: object.exists(field, field != "metadata" && (!(field in oldObject) || object[field] != oldObject[field]))
|| oldObject.exists(field, field != "metadata" && !(field in object))))
{{- end -}}

{{/* The built-in kinds that make pods, and the configured ones. */}}
{{- define "unroot.controllerRules" -}}
- apiGroups: [""]
  apiVersions: [v1]
  operations: [CREATE, UPDATE]
  resources: [podtemplates, replicationcontrollers]
  scope: Namespaced
- apiGroups: [apps]
  apiVersions: [v1]
  operations: [CREATE, UPDATE]
  resources: [daemonsets, deployments, replicasets, statefulsets]
  scope: Namespaced
- apiGroups: [batch]
  apiVersions: [v1]
  operations: [CREATE, UPDATE]
  resources: [cronjobs, jobs]
  scope: Namespaced
{{- range (default dict .Values.config.workloads).custom }}
{{- $version := splitList "/" .apiVersion }}
- apiGroups: [{{ ternary "" (first $version) (eq (len $version) 1) | quote }}]
  apiVersions: [{{ last $version | quote }}]
  operations: [CREATE, UPDATE]
  resources: [{{ default (include "unroot.plural" .kind) (get $.Values.webhook.resources .kind) | quote }}]
  scope: Namespaced
{{- end }}
{{- end -}}

{{/* The regular plural of a kind, as API machinery guesses it. */}}
{{- define "unroot.plural" -}}
{{- $kind := lower . -}}
{{- if hasSuffix "s" $kind }}{{ $kind }}es
{{- else if hasSuffix "y" $kind }}{{ trimSuffix "y" $kind }}ies
{{- else }}{{ $kind }}s
{{- end -}}
{{- end -}}

{{/* Read access to what images are pulled with. */}}
{{- define "unroot.pullSecretRules" -}}
- apiGroups: [""]
  resources: [secrets, serviceaccounts]
  verbs: [get]
{{- end -}}

{{/* Whom roles are bound to. */}}
{{- define "unroot.subjects" -}}
- kind: ServiceAccount
  name: {{ include "unroot.serviceAccount" . | toYaml }}
  namespace: {{ .Release.Namespace | toYaml }}
{{- end -}}

{{/* The pod of a job of the chart's: unroot with these arguments, allowed by (dict "root" $ "name" … "args" (list …)). */}}
{{- define "unroot.jobPod" -}}
serviceAccountName: {{ .name | toYaml }}
automountServiceAccountToken: true
enableServiceLinks: false
restartPolicy: Never
{{- with include "unroot.imagePullSecrets" .root }}
{{ . }}
{{- end }}
{{- with .root.Values.runtimeClassName }}
runtimeClassName: {{ . | toYaml }}
{{- end }}
securityContext:
  {{- omit .root.Values.podSecurityContext "fsGroup" | toYaml | nindent 2 }}
containers:
  - name: unroot
    image: {{ include "unroot.image" .root | toYaml }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: {{ toJson .args }}
    resources:
      requests: {cpu: 10m, memory: 128Mi}
      limits: {memory: 256Mi}
    securityContext:
      {{- toYaml .root.Values.securityContext | nindent 6 }}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Labels of what jobs need. Not those that the Service selects by. */}}
{{- define "unroot.jobLabels" -}}
app.kubernetes.io/name: {{ printf "%s-job" (default .Chart.Name .Values.nameOverride) }}
app.kubernetes.io/instance: {{ .Release.Name | toYaml }}
app.kubernetes.io/managed-by: {{ .Release.Service | toYaml }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
