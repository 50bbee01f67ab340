# For those who build with docker or buildah; `mvn package jib:build -Dimage=…` makes the same without either.
#
#   docker build -t REGISTRY/unroot:VERSION .
FROM docker.io/library/maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml ./
COPY src/main ./src/main
COPY LICENSE NOTICE ./
RUN mvn -B -ntp -DskipTests package

FROM gcr.io/distroless/java25-debian13:nonroot
LABEL org.opencontainers.image.title="Unroot" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /build/target/lib /app/lib
COPY --from=build /build/target/sbom /app/sbom
COPY --from=build /build/target/unroot.jar /app/unroot.jar
# A number: the kubelet cannot tell that a name is not root.
USER 65532:65532
EXPOSE 8443 8080
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-XX:MaxRAMPercentage=40", "-XX:MaxDirectMemorySize=64m", "-XX:MaxMetaspaceSize=80m", "-XX:ReservedCodeCacheSize=48m", "-Dio.netty.allocator.type=pooled", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=/tmp", "-jar", "/app/unroot.jar"]
