//! `#[derive(FromJson)]` of `json-kit`: a call per field, and nothing else.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Ident, parse_macro_input};

/// Reads a struct by its fields' names in `camelCase`, an enum by its variants' in
/// `SCREAMING_SNAKE_CASE`.
#[proc_macro_derive(FromJson)]
pub fn from_json(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let read = match &input.data {
        Data::Struct(data) => fields(&data.fields),
        Data::Enum(data) => {
            variants(&data.variants.iter().map(|variant| &variant.ident).collect::<Vec<_>>())
        }
        Data::Union(data) => Err(Error::new_spanned(data.union_token, "a union has no names")),
    };
    let (name, read) = (&input.ident, read.unwrap_or_else(Error::into_compile_error));
    quote! {
        impl ::json_kit::FromJson for #name {
            fn from_json(value: &::json_kit::Json, reader: &::json_kit::Reader) -> Self {
                #read
            }
        }
    }
    .into()
}

fn fields(fields: &Fields) -> Result<TokenStream, Error> {
    let Fields::Named(fields) = fields else {
        return Err(Error::new_spanned(fields, "JSON goes by names"));
    };
    let names = fields.named.iter().filter_map(|field| field.ident.as_ref());
    let reads = names.map(|name| {
        let wanted = camel(&name.to_string());
        quote! { #name: reader.field(value, #wanted) }
    });
    Ok(quote! { Self { #(#reads),* } })
}

fn variants(variants: &[&Ident]) -> Result<TokenStream, Error> {
    let Some((first, others)) = variants.split_first() else {
        return Err(Error::new(proc_macro2::Span::call_site(), "an enum without variants"));
    };
    let names = variants.iter().map(|name| screaming(&name.to_string()));
    let places = 1_usize..;
    let arms = places.zip(others).map(|(at, name)| quote! { #at => Self::#name, });
    Ok(quote! {
        match reader.one_of(value, &[#(#names),*]) {
            #(#arms)*
            _ => Self::#first,
        }
    })
}

fn camel(name: &str) -> String {
    let mut parts = name.trim_start_matches("r#").split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut name, part| {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
        name
    })
}

fn screaming(name: &str) -> String {
    let mut screaming = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !screaming.is_empty() {
            screaming.push('_');
        }
        screaming.push(letter.to_ascii_uppercase());
    }
    screaming
}
