# All images of the shop in one build, which shares what they have in common.
#     docker buildx bake -f infra/docker-bake.hcl          # or one of them: … order

# As infra/compose.yaml names them.
variable "REGISTRY" { default = "localhost/saga-shop" }
# Empty: no tag, for images that are pushed by digest.
variable "SHOP_TAG" { default = "dev" }
variable "SHOP_COMMIT" { default = "unknown" }
# "release" for what is deployed: smaller programs, four times the time.
variable "PROFILE" { default = "container" }

function "reference" {
  params = [name]
  result = SHOP_TAG == "" ? "${REGISTRY}/${name}" : "${REGISTRY}/${name}:${SHOP_TAG}"
}

group "default" {
  targets = ["program", "storefront", "fragment"]
}

target "program" {
  matrix = {
    name = [
      "catalog",
      "email",
      "gateway-keys",
      "identity",
      "mobile-bff",
      "order",
      "order-history",
      "payment",
      "sandbox-provider",
      "web-bff",
    ]
  }
  name       = name
  context    = "."
  dockerfile = "infra/images/Dockerfile"
  target     = "program"
  args       = { BIN = name, PROFILE = PROFILE, SHOP_COMMIT = SHOP_COMMIT }
  tags       = [reference(name)]
}

target "storefront" {
  context    = "."
  dockerfile = "infra/images/Dockerfile"
  target     = "page"
  args       = { PROFILE = PROFILE, SHOP_COMMIT = SHOP_COMMIT }
  tags       = [reference("storefront")]
}

target "fragment" {
  matrix = {
    name = [
      "account-ui",
      "catalog-ui",
      "checkout-ui",
      "orders-ui",
    ]
  }
  name       = name
  context    = "."
  dockerfile = "infra/images/Dockerfile"
  target     = "page"
  args       = { FRAGMENT = name, PROFILE = PROFILE, SHOP_COMMIT = SHOP_COMMIT }
  tags       = [reference(name)]
}
