import t from 'tap'
import { writeCsv, writeCsvWithin } from '../../../src/scan/formats/csv.ts'

t.test('a cell with a comma or a quote is quoted, and none is a formula or more than a line', async t => {
  t.equal(writeCsv([['a', 'b,c', 'd"e', '=1+1', '\tx', 'f\ng']]), `a,"b,c","d""e",'=1+1,'\\u0009x,f\\u000ag\n`)
})

t.test('what only some spreadsheets take for a formula, or for the end of a cell, is neither', async t => {
  const cells = ['＝1+1', '＋1', '－1', '＠a', ' =2+3', 'a;=1+1']
  t.equal(writeCsv([cells]), `'＝1+1,'＋1,'－1,'＠a,' =2+3,"a;=1+1"\n`)
})

t.test('where there is not room for all rows the first are written, and counted', async t => {
  const rows = [['aa'], ['bb'], ['cc']]
  t.strictSame(writeCsvWithin(6, rows), { text: 'aa\nbb\n', rows: 2 })
  t.strictSame(writeCsvWithin(9, rows), { text: 'aa\nbb\ncc\n', rows: 3 })
  t.strictSame(writeCsvWithin(2, rows), { text: '', rows: 0 })
})
