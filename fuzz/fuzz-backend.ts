import type { ServerResponse } from 'node:http'
import {
  type Recorded,
  type RecordingBackend,
  recordingBackend,
} from '../test/balancer/support/recording-backend.ts'

/** A strict backend whose responses identify their requests: see `sealOf`. */
export function fuzzBackend(): Promise<RecordingBackend> {
  return recordingBackend((request, response: ServerResponse) => {
    const { method, target } = request
    response.setHeader('X-Seal', sealOf(clientOf(request), method, target))
    if (target.includes('204')) response.writeHead(204).end()
    else if (target.length % 2 === 0) response.end(`response to ${target}`)
    else {
      // In chunks.
      response.write('response ')
      response.end(`to ${target}`)
    }
  })
}

/** The value of a response field that identifies the request. */
export function sealOf(address: string, method: string, target: string): string {
  return Buffer.from(`${address} ${method} ${target}`, 'latin1').toString('base64')
}

/** The client for which the balancer forwarded a request: the last address, which the balancer added itself. */
export function clientOf({ headers }: Pick<Recorded, 'headers'>): string {
  return String(headers['x-forwarded-for']).split(', ').at(-1) ?? ''
}
