import { httpMethods } from '../modules.ts'
import { CookieJar } from './cookie-jar.ts'
import { FormFile, NamedUrl, type RequestParams } from './request-params.ts'
import type { K6Response } from './response.ts'
import { ExpectedStatuses, responseCallback } from './response-callback.ts'
import { sendRequest } from './send-request.ts'
import type { SharedState } from './shared-state.ts'
import { clientOf, type VirtualUser } from './virtual-user.ts'

type Params = RequestParams | null

/** One request of `http.batch`: a URL, `[method, url, body, params]`, or an object with these names. */
type BatchRequest =
  | string
  | NamedUrl
  | readonly [string, unknown, unknown?, Params?]
  | {
      readonly method: string
      readonly url: unknown
      readonly body?: unknown
      readonly params?: Params
    }

/** The stand-in for `k6/http`. Its functions return promises, which the rewritten script awaits. */
export function httpModule(user: VirtualUser, shared: SharedState): Record<string, unknown> {
  const send = (method: string, url: unknown, body: unknown, params: Params | undefined) =>
    sendRequest(user, shared, method, url, body, params)
  const bodiless =
    (method: string) =>
    (url: unknown, params?: Params): Promise<K6Response> =>
      send(method, url, null, params)
  const withBody =
    (method: string) =>
    (url: unknown, body?: unknown, params?: Params): Promise<K6Response> =>
      send(method, url, body, params)
  const request = (method: string, url: unknown, body?: unknown, params?: Params) =>
    send(method.toUpperCase(), url, body, params)
  const methods = Object.entries(httpMethods).map(([name, method]) => [
    name,
    name === 'get' || name === 'head' ? bodiless(method) : withBody(method),
  ])
  return {
    ...Object.fromEntries(methods),
    request,
    asyncRequest: request,
    batch: (requests: readonly BatchRequest[] | Record<string, BatchRequest>) =>
      sendBatch(requests, shared, send),
    url: namedUrl,
    file: (data: string | ArrayBuffer, filename?: string, contentType?: string) =>
      new FormFile(data, filename, contentType),
    CookieJar,
    cookieJar: () => {
      clientOf(user, 'http.cookieJar()')
      return user.jar
    },
    expectedStatuses: (...statuses: unknown[]) => new ExpectedStatuses(statuses),
    setResponseCallback: (given: unknown) => {
      user.responseCallback = responseCallback(given)
    },
  }
}

/** `http.url`: the URL, and the template with `{}` in place of each value but one at its start. */
export function namedUrl(texts: TemplateStringsArray, ...values: unknown[]): NamedUrl {
  const url = texts.reduce((made, text, at) => `${made}${String(values[at - 1])}${text}`)
  const name = texts.reduce(
    (made, text, at) => `${made}${at === 1 && texts[0] === '' ? String(values[0]) : '{}'}${text}`,
  )
  return new NamedUrl(url, name)
}

type Send = (
  method: string,
  url: unknown,
  body: unknown,
  params: Params | undefined,
) => Promise<K6Response>

/** `http.batch`: requests in parallel, as many at once as `batch` and `batchPerHost` allow. */
async function sendBatch(
  requests: readonly BatchRequest[] | Record<string, BatchRequest>,
  { settings: { batch, batchPerHost } }: SharedState,
  send: Send,
): Promise<unknown> {
  const list = Array.isArray(requests)
    ? (requests as readonly BatchRequest[]).map((request, at): [string, BatchRequest] => [
        `${at}`,
        request,
      ])
    : Object.entries(requests)
  const hosts = new Set(list.map(([, request]) => hostOf(request)))
  const perHost = batchPerHost === 0 ? Number.POSITIVE_INFINITY : batchPerHost * hosts.size
  const parallel = Math.min(batch === 0 ? Number.POSITIVE_INFINITY : batch, perHost, list.length)
  const responses: Record<string, K6Response> = {}
  let next = 0
  const worker = async () => {
    for (let at = next++; at < list.length; at = next++) {
      const [key, request] = list[at] as [string, BatchRequest]
      responses[key] = await send(...partsOf(request))
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  const ordered = list.map(([key]): [string, K6Response | undefined] => [key, responses[key]])
  return Array.isArray(requests)
    ? ordered.map(([, response]) => response)
    : Object.fromEntries(ordered)
}

function partsOf(request: BatchRequest): Parameters<Send> {
  if (typeof request === 'string' || request instanceof NamedUrl)
    return ['GET', request, null, undefined]
  if ('method' in request)
    return [request.method.toUpperCase(), request.url, request.body, request.params]
  const [method, url, body, params] = request
  return [method.toUpperCase(), url, body, params]
}

function hostOf(request: BatchRequest): string {
  const url = String(partsOf(request)[1])
  return URL.canParse(url) ? new URL(url).host : url
}
