import { PassThrough } from 'node:stream'
import t from 'tap'
import { widthOf } from '../../src/commands/streams.ts'

t.test('a line has the columns of the terminal, or 80, and never more than people read', async t => {
  const terminal = (columns: number) => widthOf(Object.assign(new PassThrough(), { columns }))
  t.equal(widthOf(new PassThrough()), 80)
  t.equal(terminal(60), 60)
  t.equal(terminal(400), 120)
})
