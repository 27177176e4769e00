import type { HashKey, KeySource } from '../../algorithms/parts/key.ts'
import type { RequestHead } from '../http/request-head.ts'

/** Reads keys from the head that was read last, for the client with a given address. */
export function keyReader(request: RequestHead): (key: HashKey, client: string) => string {
  const source = {
    client: '',
    get target() {
      return targetOf(request)
    },
    header: (name, separator) => valuesOf(request, name, separator),
  } satisfies KeySource
  return (key, client) => {
    source.client = client
    return key(source)
  }
}

/** The target of a request without its scheme and authority. */
export function targetOf({ head, targetStart, targetEnd, authority }: RequestHead): string {
  const target = head.bytes.toString('latin1', targetStart, targetEnd)
  return authority === '' || target.startsWith('/') ? target : `/${target}`
}

function valuesOf({ head }: RequestHead, name: string, separator: string): string {
  let values = ''
  for (let index = 0; index < head.count; index++) {
    const start = head.line[index] as number
    const end = head.nameEnd[index] as number
    if (end - start !== name.length) continue
    if (head.bytes.toString('latin1', start, end).toLowerCase() !== name) continue
    const value = head.bytes.toString('latin1', head.valueStart[index], head.valueEnd[index])
    values = values === '' ? value : `${values}${separator}${value}`
  }
  return values
}
