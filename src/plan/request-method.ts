import { z } from 'zod'

/** Methods that a driver sends. */
export const requestMethod = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
export type RequestMethod = z.infer<typeof requestMethod>
