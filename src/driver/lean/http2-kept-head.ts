import { type FieldList, nameAt, valueAt } from '../../http2/field-list.ts'
import type { Http2Head } from '../../http2/head-check.ts'

/** A response head of HTTP/2 as text in the form of HTTP/1.1, as readers of kept responses expect it. */
export function http2HeadText({ fields, status }: Pick<Http2Head, 'fields' | 'status'>): string {
  let text = `HTTP/2 ${status}\r\n`
  for (let i = 0; i < fields.count; i++) {
    const name = nameAt(fields, i)
    if (!name.startsWith(':')) text += `${name}: ${valueAt(fields, i)}\r\n`
  }
  return `${text}\r\n`
}

/** Whether a head sets a cookie. */
export function setsCookie(fields: FieldList): boolean {
  for (let i = 0; i < fields.count; i++) if (nameAt(fields, i) === 'set-cookie') return true
  return false
}
