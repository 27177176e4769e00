import { z } from 'zod'
import { maxPathBytes } from './backend-address.ts'

/** A unix socket for clients: `unix:/path`. */
export const listenSettings = z
  .string()
  .refine(
    (text) => /^unix:\/[^\p{Cc}]*[^/\p{Cc}]$/u.test(text),
    'must be unix:/path, with an absolute path',
  )
  .refine(
    (text) => Buffer.byteLength(unixPath(text)) <= maxPathBytes,
    `must have a path of at most ${maxPathBytes} bytes`,
  )

/** Permissions of its file. A number would be decimal in YAML. */
export const listenModeSettings = z
  .string('must be octal digits in quotes, such as "0660"')
  .regex(/^0?[0-7]{3}$/, 'must be octal digits in quotes, such as "0660"')

/** The path in `unix:/path`. */
export function unixPath(listen: string): string {
  return listen.slice('unix:'.length)
}
