/** Methods of arrays whose callback may wait: the rewritten script runs them one element after the other. */
export const arrayMethods: ReadonlySet<string> = new Set([
  'every',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flatMap',
  'forEach',
  'map',
  'reduce',
  'reduceRight',
  'some',
])

/** Methods of promises: a callback that returns a promise is what they are made for. */
export const promiseMethods: ReadonlySet<string> = new Set(['then', 'catch', 'finally'])
