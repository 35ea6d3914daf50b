//! Packs a component: the same component in fewer bytes. The compiler's own tools leave these undone:
//!
//! | what | why it may go |
//! |---|---|
//! | custom sections | they name and credit things, and nothing reads them |
//! | padding of numbers | the linker leaves room for any number where it puts a small one |
//! | long names between the modules inside | only those modules see them: any other name does as well |
//! | functions that are the same | one does for all |
//! | functions in the order that they were linked in | those that are called most get the numbers with one byte |
//! | zeros in data | memory is zero where nothing is put |

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context as _, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent, component_utils, utils};
use wasm_encoder::{
    CodeSection, Component, ComponentAliasSection, ConstExpr, DataSection, ExportSection, FunctionSection, Import,
    ImportSection, InstanceSection, Module, ModuleArg,
};
use wasmparser::{
    CodeSectionReader, ComponentAlias, ComponentAliasSectionReader, CustomSectionReader, Data, DataKind, Export,
    FunctionBody, FunctionSectionReader, Imports, Instance, Operator, Parser, Payload, TypeRef, Validator,
};

/// A run of zeros is worth a segment of its own behind it from this length on.
const WORTH_A_SEGMENT: usize = 12;

/// The component, packed.
pub(crate) fn packed(component: &[u8]) -> Result<Vec<u8>> {
    let mut packed = packed_once(component)?;
    // Functions that called two that were the same may be the same now.
    loop {
        let again = packed_once(&packed)?;
        if again.len() >= packed.len() {
            Validator::new().validate_all(&packed).context("the packed component is none")?;
            return Ok(packed);
        }
        packed = again;
    }
}

fn packed_once(component: &[u8]) -> Result<Vec<u8>> {
    let mut encoded = Component::new();
    Packer::default()
        .parse_component(&mut encoded, Parser::new(0), component)
        .map_err(|error| anyhow!("the component that was built cannot be packed: {error}"))?;
    Ok(encoded.finish())
}

#[derive(Default)]
struct Packer {
    /// The short names by the long ones.
    names: HashMap<String, String>,
    /// The functions of the module that is being written.
    functions: Functions,
    /// Whether the code of that module refers to segments of data by their number.
    numbered_data: bool,
}

impl Packer {
    fn short(&mut self, name: &str) -> String {
        let next = self.names.len();
        self.names.entry(name.to_owned()).or_insert_with(|| format!("{next:x}")).clone()
    }
}

impl Reencode for Packer {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Self::Error>> {
        Ok(self.functions.number(function))
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Self::Error>> {
        Ok(())
    }

    fn parse_imports(&mut self, section: &mut ImportSection, imports: Imports<'_>) -> Result<(), Error<Self::Error>> {
        let Imports::Single(_, import) = imports else { return utils::parse_imports(self, section, imports) };
        let (module, name) = (self.short(import.module), self.short(import.name));
        let import = Import { module: &module, name: &name, ty: self.entity_type(import.ty)? };
        section.imports(wasm_encoder::Imports::Single(import));
        Ok(())
    }

    fn parse_export(&mut self, section: &mut ExportSection, export: Export<'_>) -> Result<(), Error<Self::Error>> {
        let name = self.short(export.name);
        utils::parse_export(self, section, Export { name: &name, ..export })
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        functions: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let types = functions.into_iter().collect::<Result<Vec<_>, _>>()?;
        for ty in self.functions.in_order(&types) {
            section.function(self.type_index(*ty)?);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        section: &mut CodeSection,
        code: CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let bodies = code.into_iter().collect::<Result<Vec<_>, _>>()?;
        for body in self.functions.in_order(&bodies) {
            self.parse_function_body(section, body.clone())?;
        }
        Ok(())
    }

    fn data_count(&mut self, count: u32) -> Result<u32, Error<Self::Error>> {
        self.numbered_data = true;
        Ok(count)
    }

    fn parse_data(&mut self, section: &mut DataSection, data: Data<'_>) -> Result<(), Error<Self::Error>> {
        let DataKind::Active { memory_index, offset_expr } = &data.kind else {
            return utils::parse_data(self, section, data);
        };
        let Operator::I32Const { value: start } = offset_expr.get_operators_reader().read()? else {
            return utils::parse_data(self, section, data);
        };
        if self.numbered_data {
            return utils::parse_data(self, section, data);
        }
        for range in without_zeros(data.data) {
            let offset = i32::try_from(range.start).ok().and_then(|behind| start.checked_add(behind));
            let offset = offset.context("data behind the end of memory").map_err(Error::UserError)?;
            let bytes = data.data.get(range).unwrap_or_default();
            section.active(self.memory_index(*memory_index)?, &ConstExpr::i32_const(offset), bytes.iter().copied());
        }
        Ok(())
    }
}

impl ReencodeComponent for Packer {
    fn parse_component_custom_section(
        &mut self,
        _: &mut Component,
        _: CustomSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        Ok(())
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        parser: Parser,
        module: &[u8],
    ) -> Result<(), Error<Self::Error>> {
        self.functions = Functions::of(module).map_err(Error::UserError)?;
        component_utils::parse_component_submodule(self, component, parser, module)?;
        // Outside of the modules functions have numbers of their own.
        self.functions = Functions::default();
        self.numbered_data = false;
        Ok(())
    }

    fn parse_component_alias_section(
        &mut self,
        section: &mut ComponentAliasSection,
        aliases: ComponentAliasSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        for alias in aliases {
            let mut alias = alias?;
            let short;
            if let ComponentAlias::CoreInstanceExport { name, .. } = &mut alias {
                short = self.short(name);
                *name = &short;
            }
            section.alias(self.component_alias(alias)?);
        }
        Ok(())
    }

    fn parse_instance(
        &mut self,
        section: &mut InstanceSection,
        instance: Instance<'_>,
    ) -> Result<(), Error<Self::Error>> {
        match instance {
            Instance::Instantiate { module_index, args } => {
                let mut arguments = Vec::new();
                for argument in args {
                    let instance = self.instance_index(argument.index);
                    arguments.push((self.short(argument.name), ModuleArg::Instance(instance)));
                }
                let module = self.module_index(module_index);
                section.instantiate(module, arguments.iter().map(|(name, argument)| (name.as_str(), *argument)));
            }
            Instance::FromExports(exports) => {
                let mut items = Vec::new();
                for export in exports {
                    let (kind, index) = (self.export_kind(export.kind)?, export.index);
                    items.push((self.short(export.name), kind, self.external_index(export.kind, index)?));
                }
                section.export_items(items.iter().map(|(name, kind, index)| (name.as_str(), *kind, *index)));
            }
        }
        Ok(())
    }
}

/// The functions of a module: which of them stay, and under which numbers.
#[derive(Default)]
struct Functions {
    /// How many are imported. They come first, and stay as they are.
    imported: usize,
    /// Those of the module's own that stay, in the order of their new numbers.
    kept: Vec<usize>,
    /// The new number of each of the module's own.
    numbers: Vec<u32>,
}

impl Functions {
    fn of(module: &[u8]) -> Result<Self> {
        let (mut imported, mut types, mut bodies) = (0, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += usize::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                    }
                }
                Payload::FunctionSection(functions) => {
                    types = functions.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        Self::ordered(imported, &types, &bodies)
    }

    fn ordered(imported: usize, types: &[u32], bodies: &[FunctionBody<'_>]) -> Result<Self> {
        let mut first: HashMap<(u32, &[u8]), usize> = HashMap::new();
        let mut same = Vec::new();
        for (own, (ty, body)) in types.iter().zip(bodies).enumerate() {
            same.push(*first.entry((*ty, body.as_bytes())).or_insert(own));
        }
        let mut calls = vec![0_u32; same.len()];
        for body in bodies {
            let mut operators = body.get_operators_reader()?;
            while !operators.eof() {
                let Operator::Call { function_index } = operators.read()? else { continue };
                let own = (function_index as usize).checked_sub(imported).and_then(|own| same.get(own));
                if let Some(count) = own.and_then(|own| calls.get_mut(*own)) {
                    *count += 1;
                }
            }
        }
        let mut kept: Vec<usize> =
            same.iter().enumerate().filter(|(own, same)| own == *same).map(|(own, _)| own).collect();
        kept.sort_by_key(|own| Reverse(calls.get(*own).copied()));
        let mut number_of = HashMap::new();
        for (number, own) in (imported..).zip(&kept) {
            number_of.insert(*own, u32::try_from(number)?);
        }
        let numbers = same.iter().filter_map(|own| number_of.get(own).copied()).collect();
        Ok(Self { imported, kept, numbers })
    }

    fn number(&self, function: u32) -> u32 {
        let own = (function as usize).checked_sub(self.imported);
        own.and_then(|own| self.numbers.get(own).copied()).unwrap_or(function)
    }

    /// What there is of each of the module's own functions, for those that stay and in their order.
    fn in_order<'a, T>(&self, of_each: &'a [T]) -> Vec<&'a T> {
        self.kept.iter().filter_map(|own| of_each.get(*own)).collect()
    }
}

/// The parts of data between the longer runs of zeros.
fn without_zeros(data: &[u8]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (position, byte) in data.iter().enumerate() {
        match parts.last_mut() {
            _ if *byte == 0 => {}
            Some(part) if position - part.end < WORTH_A_SEGMENT => part.end = position + 1,
            _ => parts.push(position..position + 1),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        ConstExpr, DataSection, Function, FunctionSection, MemorySection, MemoryType, ModuleSection, TypeSection,
    };

    use super::*;

    /// A module whose functions have these bodies: calls of other ones.
    fn component(calls: &[&[u32]], data: &[u8]) -> Vec<u8> {
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([], []);
        for callees in calls {
            functions.function(0);
            let mut function = Function::new([]);
            for callee in *callees {
                function.instructions().call(*callee);
            }
            function.instructions().end();
            code.function(&function);
        }
        let (mut memories, mut segments) = (MemorySection::new(), DataSection::new());
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        segments.active(0, &ConstExpr::i32_const(8), data.iter().copied());
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&memories).section(&code).section(&segments);
        let mut component = Component::new();
        component.section(&ModuleSection(&module));
        component.finish()
    }

    /// The calls of each function of a component of one module.
    fn calls(component: &[u8]) -> Vec<Vec<u32>> {
        let mut calls = Vec::new();
        for payload in Parser::new(0).parse_all(component) {
            let Payload::CodeSectionEntry(body) = payload.expect("a payload") else { continue };
            let operators = body.get_operators_reader().expect("operators").into_iter();
            let called = operators.filter_map(|operator| match operator.expect("an operator") {
                Operator::Call { function_index } => Some(function_index),
                _ => None,
            });
            calls.push(called.collect());
        }
        calls
    }

    #[test]
    fn functions_that_are_the_same_become_one_and_the_one_that_is_called_most_comes_first() {
        // The first two differ by what they call, and that is the same.
        let packed = packed(&component(&[&[2], &[3], &[], &[], &[0, 1, 1, 1]], b"x")).expect("packed");
        assert_eq!(calls(&packed), [vec![1], vec![], vec![0, 0, 0, 0]]);
    }

    #[test]
    fn longer_runs_of_zeros_are_left_out() {
        let data = [&[0; 3], b"one".as_slice(), &[0; 11], b"two", &[0; 12], b"three", &[0; 40]].concat();
        assert_eq!(without_zeros(&data), [3..20, 32..37]);
        assert_eq!(without_zeros(&[0; 5]), []);
        let packed = packed(&component(&[], &data)).expect("packed");
        assert!(packed.len() < component(&[], &data).len() - 40);
    }
}
