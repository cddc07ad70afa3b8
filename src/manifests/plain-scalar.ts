/**
 * What a scalar without quotes stands for: as the core schema of YAML 1.2 has it, but that booleans are those of YAML 1.1.
 *
 * @see https://yaml.org/spec/1.2.2/#1032-tag-resolution
 */
export function resolvePlain(text: string): unknown {
  if (text === '' || NULL.test(text)) return null
  if (BOOLEAN.test(text)) return /^(?:y|true|on)/i.test(text)
  if (!/^[-+.0-9]/.test(text)) return text
  if (OCTAL.test(text)) return Number.parseInt(text.slice(2), 8)
  if (DECIMAL.test(text) || HEXADECIMAL.test(text) || FLOAT.test(text)) return Number(text)
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Infinity
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? Number.NaN : text
}

const NULL = /^(?:~|null|Null|NULL)$/
/**
 * Without quotes `off` is false for kubectl and Helm, and so are `no` and `n`: they read YAML 1.1.
 *
 * @see sigs.k8s.io/yaml/goyaml.v2/resolve.go
 */
export const BOOLEAN = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/
const OCTAL = /^0o[0-7]+$/
const DECIMAL = /^[-+]?[0-9]+$/
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
