// What the Pods of the tests run: a program that needs nothing beside it.
module regcred.dev/test/e2e/node/wait

go 1.26.0
