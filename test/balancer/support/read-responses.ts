import type { ReceivedResponse } from './http-case.ts'

/** The responses in what a client received. */
export interface ReceivedResponses {
  readonly responses: ReceivedResponse[]
  /** Statuses of 1xx responses. */
  readonly interim: number[]
  /** There is nothing besides them. */
  readonly complete: boolean
}

/**
 * Reads the responses out of what a client received, in the simplest way that is right. `toHead` says of
 * each, counted from 0, whether its request was HEAD.
 */
export function readResponses(
  text: string,
  { toHead, closed }: { readonly toHead: (response: number) => boolean; readonly closed: boolean },
): ReceivedResponses {
  const responses: ReceivedResponse[] = []
  const interim: number[] = []
  let rest = text
  while (rest !== '') {
    const [, status, fields, after] =
      /^HTTP\/1\.1 (\d{3})[^\r]*\r\n((?:[^\r]+\r\n)*)\r\n(.*)$/s.exec(rest) ?? []
    if (status === undefined || fields === undefined || after === undefined) break
    if (status.startsWith('1') && status !== '101') {
      interim.push(Number(status))
      rest = after
      continue
    }
    const headers = headersOf(fields)
    const body = bodyOf(headers, after, {
      bodyless: toHead(responses.length) || /^(101|204|304)$/.test(status),
      closed,
    })
    if (body === undefined) break
    responses.push({ status: Number(status), headers, body: body.data })
    rest = body.rest
  }
  return { responses, interim, complete: rest === '' }
}

function headersOf(fields: string): Record<string, string> {
  const lines = fields.split('\r\n').filter((line) => line !== '')
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
}

function bodyOf(
  headers: Record<string, string>,
  after: string,
  { bodyless, closed }: { readonly bodyless: boolean; readonly closed: boolean },
): { readonly data: string; readonly rest: string } | undefined {
  // What follows a HEAD, 204 or 304 is no body: where anything does, it shows as one.
  if (bodyless)
    return after.startsWith('HTTP/') ? { data: '', rest: after } : { data: after, rest: '' }
  if (headers['transfer-encoding'] === 'chunked') return chunked(after)
  const length = headers['content-length']
  if (length === undefined) return closed ? { data: after, rest: '' } : undefined
  const end = Number(length)
  return after.length < end ? undefined : { data: after.slice(0, end), rest: after.slice(end) }
}

function chunked(text: string): { readonly data: string; readonly rest: string } | undefined {
  let data = ''
  let rest = text
  for (;;) {
    const [line, size] = /^([0-9a-f]+)\r\n/.exec(rest) ?? []
    if (line === undefined || size === undefined) return undefined
    const length = Number.parseInt(size, 16)
    rest = rest.slice(line.length)
    if (length === 0) {
      const end = /^(?:[^\r]+\r\n)*\r\n/.exec(rest)
      return end === null ? undefined : { data, rest: rest.slice(end[0].length) }
    }
    if (rest.length < length + 2) return undefined
    data += rest.slice(0, length)
    rest = rest.slice(length + 2)
  }
}
