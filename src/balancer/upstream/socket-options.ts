import { isIP, type LookupFunction, type Socket } from 'node:net'
import type { BackendAddress } from '../config/backend-address.ts'
import type { Names } from '../names/names.ts'

/** Requirements of every connection to a backend. */
export interface ConnectContext {
  readonly names: Names
  /** `timeouts.connect`, in seconds. */
  readonly connectTimeout: number
  /** Whether the kernel probes a silent backend. */
  readonly tcpKeepAlive: boolean
  /** PROXY protocol header, in latin-1, with which the connection begins; '' for none. */
  readonly header: string
}

/** Options of `net.connect` and `tls.connect`. */
interface SocketOptions {
  /** Of a unix socket; host and port do not count then. */
  readonly path?: string
  readonly host: string
  readonly port: number
  readonly lookup: LookupFunction
  /** The addresses of a name are tried one after the other, of both families by turns. */
  readonly autoSelectFamily: true
  /** Milliseconds that an address has to connect before the next one is tried. */
  readonly autoSelectFamilyAttemptTimeout: number
}

/** Limits of the time that one of several addresses has, in ms. */
const minAttemptMs = 250
const maxAttemptMs = 1000

/** Options to connect to the backend at `address`. */
export function socketOptions(
  { host, port, path }: BackendAddress,
  { names, connectTimeout }: Pick<ConnectContext, 'names' | 'connectTimeout'>,
): SocketOptions {
  const share = Math.round((connectTimeout * 1000) / 4)
  return {
    ...(path !== undefined && { path }),
    host,
    port,
    lookup: names.lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.min(Math.max(share, minAttemptMs), maxAttemptMs),
  }
}

/** Reports addresses of a name that did not connect, so that other connections try them last. */
export function watchAttempts(socket: Socket, { host }: BackendAddress, names: Names): void {
  if (isIP(host) !== 0) return
  const onFailed = (address: string) => names.connectFailed(host, address)
  socket.on('connectionAttemptFailed', onFailed)
  socket.on('connectionAttemptTimeout', onFailed)
}

/** Writes the header with which a connection begins: first of all, once it is established. */
export function writeHeader(socket: Socket, { header }: Pick<ConnectContext, 'header'>): void {
  if (header !== '') socket.write(Buffer.from(header, 'latin1'))
}
