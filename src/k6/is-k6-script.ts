/** An import of one of k6's modules, in either of the two syntaxes. */
const k6Import = /(?:\bfrom\s*|\bimport\s*|\brequire\s*\(\s*)(['"])k6(?:\/[\w./-]+)?\1/

/** Whether `text` is a script of k6: a module that imports `k6` or one of its modules. */
export function isK6Script(text: string): boolean {
  return k6Import.test(text)
}
