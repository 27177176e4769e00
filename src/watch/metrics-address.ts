import { UsageError } from '../kit/errors.ts'

/** Where the metrics of a balancer are. */
export interface MetricsAddress {
  readonly url: URL
  /** The address of its admin port, as messages show it: without user, password and query. */
  readonly shown: string
}

/** The address of an admin port as `lb serve` prints it; without a path, `/metrics` of it. `HOST:PORT` is enough. */
export function metricsAddress(text: string): MetricsAddress {
  const url = URL.parse(
    /^[\w.-]+:\d+(?:\/|$)|^\[[\da-f:.]+\]:\d+(?:\/|$)/i.test(text) ? `http://${text}` : text,
  )
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      `"${text}" is not an http or https address`,
      'pass the address of the admin port, as "lb serve --admin-port" prints it: http://127.0.0.1:18701',
    )
  }
  if (/^\/*$/.test(url.pathname)) url.pathname = '/metrics'
  url.hash = ''
  const path = url.pathname === '/metrics' ? '' : url.pathname
  return { url, shown: `${url.origin}${path}` }
}
