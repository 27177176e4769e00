import { z } from 'zod'
import { maxPathBytes } from './backend-address.ts'
import { unixPath } from './unix-path.ts'

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
