import type { RequestPlan } from '../../plan/plan.ts'

/** The bytes of the request of a load, made once: every connection writes the same ones. */
export function requestBytes({ method, path, bodyBytes }: RequestPlan, url: URL): Buffer {
  const hasBody = bodyBytes > 0 || method === 'POST' || method === 'PUT'
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${url.host}`,
    // RFC 9110, 8.6: a method that expects content has a length, even without content.
    ...(hasBody ? [`Content-Length: ${bodyBytes}`] : []),
  ]
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.alloc(bodyBytes, 'x'),
  ])
}
