import { UsageError } from '../kit/errors.ts'

/** Where a backend listens, and the name that hashing and messages use for it. */
export interface BackendAddress {
  readonly host: string
  readonly port: number
  readonly id: string
}

/**
 * Reads `http://host:port`.
 *
 * @throws UsageError that names the field.
 */
export function backendAddress(text: string, field = 'backend'): BackendAddress {
  const url = URL.parse(text)
  const plain = url !== null && url.protocol === 'http:' && url.hostname !== ''
  if (!plain || url.pathname !== '/' || url.search + url.hash + url.username !== '') {
    throw new UsageError(
      `balancer configuration: ${field}: "${text}" is not the address of a backend`,
      'write it as http://host:port',
    )
  }
  const port = url.port === '' ? 80 : Number(url.port)
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, id: `${url.hostname}:${port}` }
}
