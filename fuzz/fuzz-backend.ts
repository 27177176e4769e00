import type { ServerResponse } from 'node:http'
import {
  type Recorded,
  type RecordingBackend,
  recordingBackend,
} from '../test/balancer/support/recording-backend.ts'

/** A strict backend whose answers say what they answer: see `sealOf`. */
export function fuzzBackend(): Promise<RecordingBackend> {
  return recordingBackend((request, response: ServerResponse) => {
    const { method, target } = request
    response.setHeader('X-Seal', sealOf(clientOf(request), method, target))
    if (target.includes('204')) response.writeHead(204).end()
    else if (target.length % 2 === 0) response.end(`answer to ${target}`)
    else {
      // In chunks.
      response.write('answer ')
      response.end(`to ${target}`)
    }
  })
}

/** What shows in an answer whose request it answers. */
export function sealOf(address: string, method: string, target: string): string {
  return Buffer.from(`${address} ${method} ${target}`, 'latin1').toString('base64')
}

/** The client for whom the balancer sent a request: the last of the addresses, which it added itself. */
export function clientOf({ headers }: Pick<Recorded, 'headers'>): string {
  return String(headers['x-forwarded-for']).split(', ').at(-1) ?? ''
}
