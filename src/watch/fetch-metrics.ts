import { once } from 'node:events'
import { type IncomingMessage, request as sendHttp } from 'node:http'
import { request as sendHttps } from 'node:https'

/** How metrics are asked for. */
interface FetchOptions {
  /** Bearer token: sent only to a server that asks for one (401). */
  readonly token?: string | undefined
  /** Seconds within which the response must be complete. */
  readonly timeout: number
  readonly signal: AbortSignal
}

/** Bytes of a response at most: 1,000 backends take less than one million. */
const maxBytes = 32 * 1024 * 1024

/**
 * The text of `/metrics`, over a connection of its own: no idle one lets a balancer wait that drains.
 *
 * @throws {Error} there is none; the message is the reason as a clause
 * @throws the reason of `signal`, once it is aborted
 */
export async function fetchMetrics(url: URL, options: FetchOptions): Promise<string> {
  const { token, timeout, signal } = options
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)])
  try {
    const first = await send(url, undefined, ended)
    const response = first.statusCode === 401 && token ? await again(first, token) : first
    return await textOf(response)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw new Error(reasonOf(error as NodeJS.ErrnoException, timeout))
  }

  async function again(refused: IncomingMessage, bearer: string): Promise<IncomingMessage> {
    refused.destroy()
    return send(url, bearer, ended)
  }
}

async function send(url: URL, token: string | undefined, signal: AbortSignal) {
  const headers = {
    accept: 'text/plain;version=0.0.4',
    ...(token && { authorization: `Bearer ${token}` }),
  }
  const request = url.protocol === 'https:' ? sendHttps : sendHttp
  const sent = request(url, { agent: false, headers, signal }).end()
  const [response] = (await once(sent, 'response', { signal })) as [IncomingMessage]
  return response
}

async function textOf(response: IncomingMessage): Promise<string> {
  const { statusCode = 0 } = response
  if (statusCode !== 200) {
    response.destroy()
    throw new StatusError(
      statusCode === 401 ? 'status 401: it wants a token (LB_ADMIN_TOKEN)' : `status ${statusCode}`,
    )
  }
  let [text, bytes] = ['', 0]
  response.setEncoding('utf8')
  for await (const piece of response) {
    bytes += Buffer.byteLength(piece)
    if (bytes > maxBytes) throw new StatusError('the response is larger than 32 MiB')
    text += piece
  }
  return text
}

/** A response that is complete, and is not the metrics. */
class StatusError extends Error {}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'unknown host name',
  EAI_AGAIN: 'the name service does not respond',
  EHOSTUNREACH: 'no route to the host',
}

function reasonOf(error: NodeJS.ErrnoException, timeout: number): string {
  if (error instanceof StatusError) return error.message
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return `no response within ${timeout} s`
  }
  return reasons[error.code ?? ''] ?? error.message
}
