{{- define "confined.name" -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "confined.selectorLabels" -}}
app.kubernetes.io/name: confined
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "confined.labels" -}}
{{ include "confined.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}
