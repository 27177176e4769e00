import type { ServerResponse } from 'node:http'
import {
  type Recorded,
  type RecordingBackend,
  recordingBackend,
} from '../../test/balancer/support/recording-backend.ts'
import { clientOf, sealOf } from '../seal.ts'

/** A strict backend whose responses identify their requests: see `sealOf`. */
export function fuzzBackend(): Promise<RecordingBackend> {
  return recordingBackend((request, response: ServerResponse) => {
    const { method, target } = request
    response.setHeader('X-Seal', sealOf(addressOf(request), method, target))
    if (target.includes('204')) response.writeHead(204).end()
    else if (target.length % 2 === 0) response.end(`response to ${target}`)
    else {
      // In chunks.
      response.write('response ')
      response.end(`to ${target}`)
    }
  })
}

/** The address of the client for which the balancer forwarded a request. */
export function addressOf({ headers }: Pick<Recorded, 'headers'>): string {
  return clientOf(headers['x-forwarded-for'])
}
