import { z } from 'zod'
import { documentVersion, resultDocument } from '../../src/result/document.ts'

/** docs/reference/result.schema.json: the JSON Schema of result documents of the current version. */
export function resultSchema(): string {
  const schema = z.toJSONSchema(resultDocument, { unrepresentable: 'any', reused: 'ref' })
  const title = `Result document of lb, version ${documentVersion}`
  return `${JSON.stringify({ title, ...schema }, null, 2)}\n`
}
