import { once } from 'node:events'
import { Agent, type IncomingMessage, request as sendPlain } from 'node:http'
import { Agent as SecureAgent, request as sendSecurely } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { RequestPlan } from '../plan/plan.ts'
import { bodyOf } from '../plan/request-fields.ts'

/** A response, in the parts that affect what it costs a target to send it. */
export interface FirstResponse {
  readonly status: number
  readonly httpVersion: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** How a first request is sent. */
interface FirstRequestOptions {
  /** Seconds within which the response must be complete. */
  readonly timeout: number
  readonly signal: AbortSignal
  /** Whether any certificate is accepted. */
  readonly insecure?: boolean | undefined
}

/**
 * Sends one request as the drivers do, over a connection that may stay open and without asking for compression, and
 * returns the response; a redirect is a response like any other.
 *
 * @throws the error for which there was no complete response in time
 */
export async function firstResponse(
  url: URL,
  plan: RequestPlan,
  { timeout, signal, insecure = false }: FirstRequestOptions,
): Promise<FirstResponse> {
  const { method, path, headers: fields } = plan
  const secure = url.protocol === 'https:'
  const agent = secure
    ? new SecureAgent({ keepAlive: true, rejectUnauthorized: !insecure })
    : new Agent({ keepAlive: true })
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)])
  try {
    const send = secure ? sendSecurely : sendPlain
    // The path beside the URL, which would normalise it.
    const request = send(url, {
      method,
      path,
      agent,
      signal: ended,
      ...(fields && { headers: fields }),
    })
    const body = bodyOf(plan)
    request.end(body.length > 0 ? body : undefined)
    const [response] = (await once(request, 'response', { signal: ended })) as [IncomingMessage]
    const { statusCode = 0, httpVersion, headers } = response
    return { status: statusCode, httpVersion, headers, body: await buffer(response) }
  } finally {
    agent.destroy()
  }
}
