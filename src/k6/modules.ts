/** The HTTP methods of `k6/http` by function. */
export const httpMethods = {
  get: 'GET',
  head: 'HEAD',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  del: 'DELETE',
  options: 'OPTIONS',
} as const

const http = [
  ...Object.keys(httpMethods),
  'request',
  'asyncRequest',
  'batch',
  'url',
  'file',
  'cookieJar',
  'CookieJar',
  'setResponseCallback',
  'expectedStatuses',
]

/** The modules of k6 that have a stand-in, with their exports. `default` holds the others where k6 has it. */
export const knownModules: Readonly<Record<string, readonly string[]>> = {
  k6: ['default', 'check', 'fail', 'group', 'randomSeed', 'sleep'],
  'k6/http': ['default', ...http],
  'k6/data': ['default', 'SharedArray'],
  'k6/metrics': ['default', 'Counter', 'Gauge', 'Rate', 'Trend'],
  'k6/execution': ['default', 'instance', 'scenario', 'test', 'vu'],
  'k6/encoding': ['default', 'b64decode', 'b64encode'],
  'k6/crypto': [
    'default',
    'createHash',
    'createHMAC',
    'hmac',
    'md5',
    'randomBytes',
    'sha1',
    'sha256',
    'sha384',
    'sha512',
  ],
}

/** Functions of k6 that return once a response has arrived or time has passed; in the rewritten script they are awaited. */
const waiting: Readonly<Record<string, readonly string[]>> = {
  k6: ['group', 'sleep'],
  'k6/http': [...Object.keys(httpMethods), 'request', 'batch'],
}

/** Whether a call of `name` of the module `source` is awaited. */
export function isWaiting(source: string, name: string): boolean {
  return waiting[source]?.includes(name) ?? false
}

/** Why a module of k6 has no stand-in; undefined for those that have one, and for the script's own files. */
export function whyRefused(source: string): string | undefined {
  if (Object.hasOwn(knownModules, source) || /^\.{0,2}\//.test(source)) return undefined
  if (/^https?:/.test(source)) return 'modules are not loaded from the network'
  if (/^k6\/x\//.test(source)) return 'extensions of k6 are programs in Go'
  if (/^k6\/(experimental\/)?browser/.test(source)) return 'no browser is driven'
  if (/^k6\/(ws|websockets|experimental\/websockets)$/.test(source))
    return 'WebSocket sessions are not supported'
  if (/grpc/.test(source)) return 'gRPC is not supported'
  if (source === 'k6/html') return 'HTML is not parsed'
  if (/^k6(\/|$)/.test(source)) return `there is no stand-in for "${source}"`
  return 'packages are not resolved: a script imports k6 and files of its own'
}
