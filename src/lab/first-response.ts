import { once } from 'node:events'
import { Agent, type IncomingMessage, request as send } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { RequestPlan } from '../plan/plan.ts'

/** A response, in the parts that affect what it costs a target to send it. */
export interface FirstResponse {
  readonly status: number
  readonly httpVersion: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/**
 * Sends one request as the drivers do, over a connection that may stay open and without asking for compression, and
 * returns the response.
 *
 * @throws the error for which there was no complete response within `timeout` seconds
 */
export async function firstResponse(
  url: URL,
  { method, path, bodyBytes }: RequestPlan,
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<FirstResponse> {
  const agent = new Agent({ keepAlive: true })
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)])
  try {
    const request = send(new URL(path, url), { method, agent, signal: ended })
    request.end(bodyBytes > 0 ? Buffer.alloc(bodyBytes, 'x') : undefined)
    const [response] = (await once(request, 'response', { signal: ended })) as [IncomingMessage]
    const { statusCode = 0, httpVersion, headers } = response
    return { status: statusCode, httpVersion, headers, body: await buffer(response) }
  } finally {
    agent.destroy()
  }
}
