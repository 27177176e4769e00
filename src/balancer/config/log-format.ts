/** A part of a template: text as it is, or a variable. */
export type LogPart =
  | { readonly text: string }
  | { readonly variable: LogVariable }
  /** `$http_NAME`: a field of the request, by its name in lower case. */
  | { readonly header: string }

/** A format of the access log, as nginx writes it in `log_format`. */
export interface LogTemplate {
  readonly parts: readonly LogPart[]
  /** Values are escaped as in JSON, since the template is an object; otherwise as `\xHH`. */
  readonly json: boolean
}

/** Variables of templates, with the names of nginx where it has them, and what each stands for. */
export const logVariables = {
  remote_addr: 'address of the client, which a trusted proxy may have named',
  remote_user: 'user name of Basic authentication',
  time_local: 'when the request ended: `30/Nov/2026:09:05:00 +0000`',
  time_iso8601: 'the same as `2026-11-30T09:05:00+00:00`',
  msec: 'the same in seconds since 1970, with milliseconds',
  request: 'method, target and protocol; `-` for bytes that are no request',
  request_method: 'method',
  request_uri: 'target, with its query',
  server_protocol: '`HTTP/1.0`, `HTTP/1.1` or `HTTP/2.0`',
  scheme: '`http` or `https`',
  host: 'Host field',
  status: 'status of the response; `000` where there was none',
  body_bytes_sent: 'bytes of the body of the response that were sent',
  request_time: 'seconds from the head of the request to the end of its response',
  upstream_addr: 'the backend that responded',
  reason: '[reason](failure-reasons.md) of a failure',
  tries: 'backends that the request was sent to',
  worker: 'number of the worker',
} as const

/** One of them. */
export type LogVariable = keyof typeof logVariables

/** Formats that have a name. `json` has fields of its own: io/access-log.ts. */
const named: Readonly<Record<string, string>> = {
  common: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent',
  combined:
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
}

/** Names of the fields of the request that variables other than `$http_NAME` are made of. */
const sources: { readonly [Name in LogVariable]?: string } = {
  remote_user: 'authorization',
  host: 'host',
}

/** Reads a format; undefined for `json`, whose lines are no template. */
export function logTemplate(format: string): LogTemplate | undefined {
  if (format === 'json') return undefined
  const template = named[format] ?? format
  const parts: LogPart[] = []
  let at = 0
  for (const match of template.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
    if (match.index > at) parts.push({ text: template.slice(at, match.index) })
    parts.push(partOf(match[1] ?? match[2] ?? ''))
    at = match.index + match[0].length
  }
  if (at < template.length) parts.push({ text: template.slice(at) })
  return { parts, json: template.startsWith('{') }
}

function partOf(name: string): LogPart {
  if (name.startsWith('http_')) {
    return { header: name.slice('http_'.length).toLowerCase().replaceAll('_', '-') }
  }
  return { variable: name as LogVariable }
}

/** Why a text is no format of the access log; undefined for one that is. */
export function logFormatProblem(format: string): string | undefined {
  const template = logTemplate(format)
  if (template === undefined) return undefined
  if (!format.includes('$') && named[format] === undefined) {
    return 'must be json, common, combined, or a template with variables such as $remote_addr'
  }
  if (/\p{Cc}/u.test(format.replaceAll('\t', ''))) return 'must be one line'
  const unknown = template.parts.find(
    (part) => 'variable' in part && !Object.hasOwn(logVariables, part.variable),
  ) as { readonly variable: string } | undefined
  if (unknown !== undefined) {
    const known = Object.keys(logVariables).map((name) => `$${name}`)
    return `has the unknown variable $${unknown.variable}: known are ${known.join(', ')} and $http_NAME`
  }
  return template.json && !isJson(template) ? 'must be JSON: put text values in quotes' : undefined
}

const numbers = new Set<string>(['msec', 'status', 'body_bytes_sent', 'request_time'])
for (const name of ['tries', 'worker']) numbers.add(name)

/** Whether the lines of a template are JSON, with numbers for the variables that are numbers. */
function isJson({ parts }: LogTemplate): boolean {
  const line = parts.map((part) => {
    if ('text' in part) return part.text
    return 'variable' in part && numbers.has(part.variable) ? '1' : 'text'
  })
  try {
    JSON.parse(line.join(''))
    return true
  } catch {
    return false
  }
}

/** The fields of requests that a template needs, by their names in lower case. */
export function loggedFields(template: LogTemplate | undefined): readonly string[] {
  const names = (template?.parts ?? []).map((part) => {
    if ('header' in part) return part.header
    return 'variable' in part ? sources[part.variable] : undefined
  })
  return [...new Set(names.filter((name) => name !== undefined))]
}
