import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { AdminError } from './admin-error.ts'

/** Maximum size of a request body, in bytes. */
export const maxBodyBytes = 16_384

/**
 * Reads a JSON body.
 *
 * @throws AdminError 413 when it is too large, 400 when it does not match `schema`
 */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(parse(await read(request)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') || 'the body'
  throw new AdminError(400, `${field}: ${issue?.message ?? 'is not valid'}`, {
    hint: `correct ${field}`,
  })
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > maxBodyBytes) {
      throw new AdminError(413, `the body is larger than ${maxBodyBytes} bytes`, {
        hint: 'send only the fields of the change',
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
    throw new AdminError(400, 'the body is not JSON', {
      hint: 'send an object such as {"weight": 2}',
    })
  }
}
