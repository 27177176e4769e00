import { once } from 'node:events'
import { Agent, type IncomingMessage, request as send } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { RequestPlan } from '../plan/plan.ts'

/** One answer, as far as two of them can differ in what they cost. */
export interface FirstResponse {
  readonly status: number
  readonly httpVersion: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/**
 * Asks once, as the drivers do: over a connection that may stay, and without asking for compression.
 *
 * @throws an error that says why there was no whole answer within so many seconds
 */
export async function firstResponse(
  url: URL,
  { method, path, bodyBytes }: RequestPlan,
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<FirstResponse> {
  const agent = new Agent({ keepAlive: true })
  const within = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)])
  try {
    const asked = send(new URL(path, url), { method, agent, signal: within })
    asked.end(bodyBytes > 0 ? Buffer.alloc(bodyBytes, 'x') : undefined)
    const [answer] = (await once(asked, 'response', { signal: within })) as [IncomingMessage]
    const { statusCode = 0, httpVersion, headers } = answer
    return { status: statusCode, httpVersion, headers, body: await buffer(answer) }
  } finally {
    agent.destroy()
  }
}
