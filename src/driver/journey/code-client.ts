import type { JourneyClient, StepRequest, StepResponse } from './client.ts'

/** Options of a request of a journey that is code. */
interface CodeRequestOptions {
  /** Name that its figures are grouped by; without one, the method and the path without its query. */
  readonly name?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text or bytes as they are; any other value is sent as JSON. */
  readonly body?: unknown
  /** Milliseconds after which it has failed (default: the time-out of the run). */
  readonly timeoutMs?: number
  /** Maximum number of redirects that are followed (default 0). */
  readonly redirects?: number
}

/** A response to a journey that is code. */
interface CodeResponse extends StepResponse {
  /** The body as text (UTF-8). */
  readonly text: string
  /** The body as JSON; throws where it is none. */
  json(): unknown
}

/**
 * The client that a TypeScript journey gets: `export default async (client) => { … }`. Everything of JourneyClient, and
 * short forms of requests.
 */
interface CodeClient extends Omit<JourneyClient, 'request'> {
  get(url: string, options?: CodeRequestOptions): Promise<CodeResponse>
  post(url: string, body?: unknown, options?: CodeRequestOptions): Promise<CodeResponse>
  request(
    spec: CodeRequestOptions & { readonly method: string; readonly url: string },
  ): Promise<CodeResponse>
}

/** The client of a journey that is code, on top of that of its visit. */
export function codeClient(client: JourneyClient): CodeClient {
  const request: CodeClient['request'] = async (spec) =>
    codeResponse(await client.request(stepRequest(spec)))
  return {
    get: (url, options) => request({ ...options, method: 'GET', url }),
    post: (url, body, options) => request({ ...options, method: 'POST', url, body }),
    request,
    check: (name, passed) => client.check(name, passed),
    pause: (seconds) => client.pause(seconds),
    group: (name, run) => client.group(name, run),
    metric: (name, kind, value) => client.metric(name, kind, value),
    endLoad: (reason) => client.endLoad(reason),
    visitor: client.visitor,
    iteration: client.iteration,
    random: () => client.random(),
  }
}

function stepRequest({
  name,
  headers = {},
  body,
  method,
  url,
  ...rest
}: Parameters<CodeClient['request']>[0]): StepRequest {
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
  const hasType = Object.keys(headers).some((one) => one.toLowerCase() === 'content-type')
  return {
    ...rest,
    name: name ?? `${method} ${pathOf(url)}`,
    method,
    url,
    headers: isRaw || hasType ? headers : { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
  }
}

function pathOf(url: string): string {
  const [path = ''] = (URL.canParse(url) ? new URL(url).pathname : url).split(/[?#]/)
  return path
}

function codeResponse(response: StepResponse): CodeResponse {
  let text: string | undefined
  const read = () => (text ??= response.body.toString('utf8'))
  return {
    ...response,
    get text() {
      return read()
    },
    json: () => JSON.parse(read()),
  }
}
