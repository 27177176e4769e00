import {
  type LogPart,
  type LogTemplate,
  type LogVariable,
  loggedFields,
} from '../config/log-format.ts'
import type { Access } from './access.ts'

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** A function that writes lines of a template, each with its line end. No value of a request can end a line or a text. */
export function lineWriter(template: LogTemplate): (access: Access) => string {
  const names = loggedFields(template)
  const escapeValue = template.json ? escapedJson : escaped
  const writers = template.parts.map((part) => writerOf(part, names, template.json))
  return (access) => {
    let line = ''
    for (const [index, write] of writers.entries()) {
      const value = write(access)
      line += 'text' in (template.parts[index] as LogPart) ? value : escapeValue(value)
    }
    return `${line}\n`
  }
}

function writerOf(
  part: LogPart,
  names: readonly string[],
  json: boolean,
): (access: Access) => string {
  if ('text' in part) return () => part.text
  const fieldOf = (name: string) => {
    const index = names.indexOf(name)
    return ({ fields }: Access) => fields?.[index] ?? ''
  }
  if ('header' in part) return fieldOf(part.header)
  if (part.variable === 'host') return fieldOf('host')
  if (part.variable === 'remote_user') {
    const authorization = fieldOf('authorization')
    return (access) => userOf(authorization(access))
  }
  // A number of JSON has no zeros in front.
  if (part.variable === 'status' && json) return ({ status }) => `${status}`
  return values[part.variable]
}

const values: Readonly<
  Record<Exclude<LogVariable, 'host' | 'remote_user'>, (access: Access) => string>
> = {
  remote_addr: ({ client }) => client,
  time_local: ({ time }) => localTime(new Date(time)),
  time_iso8601: ({ time }) => `${new Date(time).toISOString().slice(0, 19)}+00:00`,
  msec: ({ time }) => (time / 1000).toFixed(3),
  request: ({ method, target, protocol }) =>
    method === '' ? '' : `${method} ${target} ${protocol}`,
  request_method: ({ method }) => method,
  request_uri: ({ target }) => target,
  server_protocol: ({ protocol }) => protocol,
  scheme: ({ scheme }) => scheme,
  status: ({ status }) => `${status}`.padStart(3, '0'),
  body_bytes_sent: ({ bytes }) => `${bytes}`,
  request_time: ({ seconds }) => seconds.toFixed(3),
  upstream_addr: ({ backend }) => backend,
  reason: ({ reason }) => reason ?? '',
  tries: ({ tries }) => `${tries}`,
  worker: ({ worker }) => `${worker}`,
}

/** In UTC, as `30/Nov/2026:09:05:00 +0000`. */
function localTime(date: Date): string {
  const [day = '', time = ''] = date.toISOString().split('T')
  const [year, month, dayOfMonth] = day.split('-')
  return `${dayOfMonth}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`
}

/** The user name in `Basic …` (RFC 7617); '' in anything else. */
function userOf(authorization: string): string {
  const [, encoded] = /^basic ([\w+/=-]+)$/i.exec(authorization) ?? []
  if (encoded === undefined) return ''
  return Buffer.from(encoded, 'base64').toString('latin1').split(':', 1)[0] ?? ''
}

/** As nginx escapes by default: quotes, backslashes, control characters and all beyond ASCII; `-` for nothing. */
function escaped(value: string): string {
  if (value === '') return '-'
  return value.replace(/["\\]|[^\x20-\x7e]/g, hexadecimal)
}

function hexadecimal(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** JSON leaves the controls above ASCII as they are, which terminals obey: ECMA-48, section 5.3. */
function escapedJson(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replace(/[\x7f-\x9f]/g, unicode)
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
