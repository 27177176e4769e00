import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { Refused } from './refused.ts'

/** The most that a body may have, in bytes. */
export const maxBodyBytes = 16_384

/**
 * Reads a JSON body.
 *
 * @throws Refused with 413 where it is too large, and 400 where it is not what `schema` says.
 */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(parse(await read(request)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') || 'the body'
  throw new Refused(400, `${field}: ${issue?.message ?? 'is not valid'}`, {
    hint: `correct ${field}`,
  })
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > maxBodyBytes) {
      throw new Refused(413, `the body is larger than ${maxBodyBytes} bytes`, {
        hint: 'send no more than the fields of the change',
        headers: { connection: 'close' },
      })
    }
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(400, 'the body is not JSON', {
      hint: 'send an object such as {"weight": 2}',
    })
  }
}
