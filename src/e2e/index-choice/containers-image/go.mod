module unroot.dev/e2e/index-choice/containers-image

go 1.26.0

require (
	github.com/opencontainers/image-spec v1.1.1
	go.podman.io/image/v5 v5.42.1
	unroot.dev/e2e/index-choice/asked v0.0.0
)

require (
	github.com/containers/libtrust v0.0.0-20230121012942-c1716e8a8d01 // indirect
	github.com/containers/ocicrypt v1.3.2 // indirect
	github.com/moby/moby/client v0.6.2 // indirect
	github.com/opencontainers/go-digest v1.0.0 // indirect
	github.com/sirupsen/logrus v1.10.2 // indirect
	go.podman.io/storage v1.65.1 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace unroot.dev/e2e/index-choice/asked => ../asked
