import { connect, type Socket } from 'node:net'
import type { buildConnector } from 'undici'
import type { BackendAddress } from '../config/backend-address.ts'
import type { BackendOptions } from '../config/backend-record.ts'
import { proxyHeader } from '../io/write-proxy-header.ts'
import type { Names } from '../names/names.ts'

/** undici's connector, which returns its socket although its type does not say so. */
type Build = (...parameters: Parameters<buildConnector.connector>) => Socket

/**
 * Has connections of checks begin with a PROXY protocol header where the backend expects one: a header without a
 * client, by which backends tell checks apart.
 */
export function withHeader(
  build: buildConnector.connector,
  { host, port, path, proxyProtocol }: BackendAddress & BackendOptions,
  names: Names,
): buildConnector.connector {
  if (proxyProtocol === undefined) return build
  const header = proxyHeader(proxyProtocol)
  const open = build as Build
  return (options, callback) => {
    if (options.protocol !== 'https:') {
      open(options, callback).write(header)
      return
    }
    const plain = connect({ ...(path && { path }), host, port, lookup: names.lookup })
    plain.write(header)
    const secure = open({ ...options, httpSocket: plain }, callback)
    plain.on('error', (error) => secure.destroy(error))
  }
}
