// wait does nothing until it is asked to end. It is all that is in the images of the tests: the Pods' sandbox, and what they
// pull. With the argument "done" it ends at once, as a Job does.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "done" {
		return
	}
	ending := make(chan os.Signal, 1)
	signal.Notify(ending, syscall.SIGINT, syscall.SIGTERM)
	<-ending
}
