module unroot.dev/e2e/index-choice/asked

go 1.24
